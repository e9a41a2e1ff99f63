package dev.backdraft.spark.storage;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.JsonText;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps other trainings out of the directory of one that runs, by a file that names its process. The file is
 * renewed every half minute. A process that was killed leaves the file; it no longer counts when the process is gone
 * from the same host, or when the file of another host has not been renewed for two minutes.
 */
public final class DirectoryLock implements AutoCloseable {
    /** The name of the file. */
    public static final String FILE = "run.lock";

    public static final Duration STALE_AFTER = Duration.ofMinutes(2);

    private static final Logger LOG = LoggerFactory.getLogger(DirectoryLock.class);
    private static final int RENEWAL_SECONDS = 30;
    private static final int PRIORITY = 90; // after the hook that saves a training, before Spark's
    private static final int CLOSING_SECONDS = 10;
    private static final int TRIES = 3;
    private static final int SETTLE_MILLIS = 200; // for another process that has found the same dead holder
    private static final int LOOK_MILLIS = 1_000;

    private final String name;
    private final String directory;
    private final Storage storage;
    private final byte[] text;
    private final Runnable hook = this::release;
    private boolean makesDirectory; // with the file
    private ScheduledExecutorService renewal; // null before keepRenewing
    private boolean held;

    /** A process that holds a directory. */
    private record Holder(String host, long pid, String started, String since) {
        /** Of this process. */
        static Holder here() {
            return new Holder(
                    hostName(),
                    ProcessHandle.current().pid(),
                    startOf(ProcessHandle.current()),
                    Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
        }

        /** Null when the text is not one of ours, or is being written. */
        static Holder parse(String text) {
            try {
                ObjectNode json = JsonText.read(text);
                return new Holder(
                        json.path("host").asText(),
                        json.path("pid").asLong(),
                        json.path("started").asText(),
                        json.path("since").asText());
            } catch (IllegalArgumentException e) {
                return null;
            }
        }

        byte[] text() {
            ObjectNode json = JsonNodeFactory.instance.objectNode();
            json.put("host", host).put("pid", pid).put("started", started).put("since", since);
            json.put("key", UUID.randomUUID().toString());
            return JsonText.write(json).getBytes(StandardCharsets.UTF_8);
        }

        boolean isThisProcess() {
            return isOfThisHost() && pid == ProcessHandle.current().pid();
        }

        boolean isOfThisHost() {
            return host.equals(hostName());
        }

        /** Whether a process of this host has ended; its number may belong to another one now. */
        boolean isGone() {
            Optional<ProcessHandle> process = ProcessHandle.of(pid).filter(ProcessHandle::isAlive);
            return process.isEmpty() || !startOf(process.get()).equals(started);
        }

        private static String startOf(ProcessHandle process) {
            return process.info().startInstant().map(Instant::toString).orElse("");
        }
    }

    private DirectoryLock(Storage storage, String directory) {
        this.storage = storage;
        this.directory = directory;
        name = Storage.inside(directory, FILE);
        text = Holder.here().text();
    }

    /**
     * Refuses a directory that another training holds. Writes nothing.
     *
     * @param storage that the directory belongs to
     * @param waits whether to wait while it may be that of a dead process on another host
     * @throws DirectoryInUseException when another training holds it
     */
    public static void check(Storage storage, String directory, boolean waits) throws IOException {
        DirectoryLock lock = new DirectoryLock(storage, directory);
        Instant renewed = lock.renewed();
        String refusal = lock.refusal();
        while (refusal != null && waits && !lock.isOfThisHost()) {
            boolean awake = sleep(LOOK_MILLIS);
            Instant now = lock.renewed();
            if (!awake || (now != null && !now.equals(renewed))) {
                break; // it lives
            }
            refusal = lock.refusal();
        }
        if (refusal != null) {
            throw new DirectoryInUseException(refusal);
        }
    }

    /**
     * Takes a directory.
     *
     * @param storage that the directory belongs to
     * @throws DirectoryInUseException when another training holds it
     */
    public static DirectoryLock take(Storage storage, String directory) throws IOException {
        DirectoryLock lock = new DirectoryLock(storage, directory);
        lock.makesDirectory = !lock.storage.exists(directory);
        for (int i = 0; i < TRIES; i++) {
            if (lock.storage.createNew(lock.name, lock.text)) {
                if (i == 0 || (sleep(SETTLE_MILLIS) && lock.isOwn())) {
                    lock.begin();
                    return lock;
                }
                continue;
            }
            String refusal = lock.refusal();
            if (refusal != null) {
                throw new DirectoryInUseException(refusal);
            }
            lock.storage.delete(lock.name); // of a process that is gone
        }
        throw new DirectoryInUseException(
                lock.name + ": another training takes this directory at the same time: choose another");
    }

    private void begin() {
        held = true;
        ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, CLOSING_SECONDS, TimeUnit.SECONDS);
    }

    /** Renews the file from time to time, from now until this is closed. */
    public synchronized void keepRenewing() {
        renewal = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "backdraft-run-lock");
            thread.setDaemon(true);
            return thread;
        });
        ScheduledFuture<?> unused =
                renewal.scheduleWithFixedDelay(this::renew, RENEWAL_SECONDS, RENEWAL_SECONDS, TimeUnit.SECONDS);
    }

    private synchronized void renew() {
        try {
            if (held) {
                storage.replace(name, out -> out.write(text));
            }
        } catch (IOException | RuntimeException e) { // the next one may work
            LOG.warn("cannot renew {}: {}", name, e.getMessage());
        }
    }

    /** Why the directory cannot be taken; null when it can. */
    private String refusal() throws IOException {
        Instant renewed = renewed();
        if (renewed == null) {
            return null;
        }
        Holder holder = holder();
        Duration age = Duration.between(renewed, Instant.now());
        boolean old = age.compareTo(STALE_AFTER) > 0;
        if (holder == null) {
            return old ? null : name + ": another training is taking this directory: choose another, or try again";
        }
        if (holder.isOfThisHost() ? holder.isGone() : old) {
            return null;
        }
        return name + ": another training runs in this directory: process " + holder.pid() + " on " + holder.host()
                + ", since " + holder.since() + ": choose another directory, or wait for its end. "
                + (holder.isThisProcess()
                        ? "This process holds it"
                        : holder.isOfThisHost()
                                ? "To end it: kill " + holder.pid()
                                : "If that process is dead, try again in " + STALE_AFTER.toSeconds()
                                        + " s, or remove the file");
    }

    private boolean isOfThisHost() throws IOException {
        Holder holder = holder();
        return holder != null && holder.isOfThisHost();
    }

    /** Null when there is none that can be read. */
    private Holder holder() throws IOException {
        try (InputStream in = storage.open(name)) {
            return Holder.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (NoSuchFileException | FileNotFoundException e) {
            return null;
        }
    }

    /** When the file was written last; null when there is none. */
    private Instant renewed() throws IOException {
        StoredFile file = storage.find(name);
        return file == null ? null : Instant.ofEpochMilli(file.modifiedMillis());
    }

    private boolean isOwn() throws IOException {
        try (InputStream in = storage.open(name)) {
            return Arrays.equals(in.readAllBytes(), text);
        } catch (NoSuchFileException | FileNotFoundException e) {
            return false;
        }
    }

    private static boolean sleep(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return Optional.ofNullable(System.getenv("HOSTNAME")).orElse("unknown");
        }
    }

    private synchronized void release() {
        if (!held) {
            return;
        }
        held = false;
        if (renewal != null) {
            renewal.shutdownNow();
        }
        try {
            if (isOwn()) {
                storage.delete(name);
                if (makesDirectory && storage.list(directory).isEmpty()) {
                    storage.delete(directory); // the training left no files
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot delete " + name, e);
        }
    }

    /** Frees the directory. */
    @Override
    public void close() {
        boolean interrupted = Thread.interrupted(); // with which a file system may fail
        try {
            release();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
