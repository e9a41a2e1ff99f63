package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * A hidden file beside the one that it is to replace. Its writer holds a lock on it, which ends with the process: a
 * file that nobody has locked is of a writer that is dead. Where the file system has no locks, nothing is taken for
 * dead.
 */
final class TemporaryFile implements AutoCloseable {
    private static final String SUFFIX = ".tmp";
    private static final int LONGEST_NAME = 150; // of the target, in this one's name
    private static final Pattern NAME =
            Pattern.compile("\\.backdraft-.+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\\.tmp");

    /** Of this JVM: on Linux, opening and closing a file would end the lock that the same process has on it. */
    private static final Set<Path> ALIVE = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private TemporaryFile(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Creates one, empty and locked. Not {@link Files#createTempFile}: its files are for their owner alone. */
    static TemporaryFile create(Path target) throws IOException {
        while (true) {
            Path path = target.resolveSibling(prefix(target) + UUID.randomUUID() + SUFFIX);
            ALIVE.add(path);
            TemporaryFile file;
            try {
                file = new TemporaryFile(
                        path, FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
            } catch (IOException | RuntimeException e) {
                ALIVE.remove(path);
                throw e;
            }
            lock(file.channel);
            if (Files.exists(path)) {
                return file;
            }
            file.close(); // another process took it for dead before it was locked
        }
    }

    private static void lock(FileChannel channel) {
        try {
            channel.lock();
        } catch (IOException | OverlappingFileLockException e) {
            return; // without locks, none is removed
        }
    }

    /**
     * Removes what dead writers have left in a directory, of files with other names too: a checkpoint has a new one
     * each time.
     */
    static void removeDead(Path directory) {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(
                directory, path -> isTemporary(path.getFileName().toString()))) {
            for (Path file : files) {
                removeIfDead(file);
            }
        } catch (IOException | OverlappingFileLockException e) {
            return; // the directory may be written but not listed, or is not there, which the writer says
        }
    }

    private static boolean isTemporary(String name) {
        return NAME.matcher(name).matches();
    }

    private static void removeIfDead(Path file) throws IOException {
        if (ALIVE.contains(file) || !Files.isRegularFile(file)) {
            return;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                FileLock lock = channel.tryLock()) {
            if (lock != null) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static String prefix(Path target) {
        String name = target.getFileName().toString();
        return ".backdraft-" + (name.length() <= LONGEST_NAME ? name : Integer.toHexString(name.hashCode())) + "-";
    }

    Path path() {
        return path;
    }

    OutputStream out() {
        return Channels.newOutputStream(channel);
    }

    /** Forces the content to the disk. */
    void force() throws IOException {
        channel.force(true);
    }

    /** Deletes the file, if it is still there under this name, and ends the lock. */
    @Override
    public void close() throws IOException {
        try (channel) {
            Files.deleteIfExists(path);
        } finally {
            ALIVE.remove(path);
        }
    }
}
