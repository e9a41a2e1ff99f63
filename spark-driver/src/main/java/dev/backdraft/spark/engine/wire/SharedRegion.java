package dev.backdraft.spark.engine.wire;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.util.CleanerUtil;

/**
 * Memory that one JVM writes vectors into and others on the same machine read them from: two copies at the speed of memory, where
 * a connection takes four and the system's network layer. For Linux.
 *
 * <p>It is a file in memory that loses its name at once: others of the same user open it as {@code /proc/PID/fd/N}, the system
 * refuses everybody else, and however the JVM ends, nothing is left. Each write has a new stamp; a late reader sees
 * a different one. Thread-safe.
 */
final class SharedRegion implements AutoCloseable {
    private static final Path MEMORY = Path.of("/dev/shm");
    private static final Pattern NAME =
            Pattern.compile("(/proc/\\d{1,10}/fd/\\d{1,10})#(\\p{XDigit}{8}(?:-\\p{XDigit}{4}){3}-\\p{XDigit}{12})");
    private static final VarHandle INT = MethodHandles.byteBufferViewVarHandle(int[].class, ByteOrder.nativeOrder());
    private static final int STAMP = 16; // after the key; 0 while the vectors are being written
    private static final int FLOATS = 64;
    private static final int CHUNK = 1 << 16;
    private static final long MOST_OF_FREE = 4; // a region takes at most one in so many of the bytes that are free

    private final FileChannel file; // kept open by the writer, so that peers can open it through /proc; else null
    private final String name;

    @GuardedBy("this")
    private MappedByteBuffer memory; // null when closed

    private final FloatBuffer floats;

    @GuardedBy("this")
    private int last; // stamp

    @GuardedBy("this")
    private boolean reserved;

    private SharedRegion(FileChannel file, String name, MappedByteBuffer memory) {
        this.file = file;
        this.name = name;
        this.memory = memory;
        memory.order(ByteOrder.nativeOrder());
        floats = memory.slice(FLOATS, memory.capacity() - FLOATS)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    /**
     * Makes a region, which takes no memory until it is {@linkplain #reserve reserved}.
     *
     * @param capacity in floats
     * @throws IOException when this machine has no such memory
     */
    static SharedRegion create(int capacity) throws IOException {
        int bytes = Math.addExact(FLOATS, Math.multiplyExact(capacity, Float.BYTES));
        UUID key = UUID.randomUUID();
        Path path = Files.createFile(
                MEMORY.resolve(fileName(key)),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        FileChannel file = null;
        try {
            file = FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
            file.write(ByteBuffer.allocate(FLOATS)
                    .putLong(key.getMostSignificantBits())
                    .putLong(key.getLeastSignificantBits())
                    .rewind());
            file.write(ByteBuffer.allocate(1), bytes - 1); // the length, with a hole
            String name = "/proc/" + ProcessHandle.current().pid() + "/fd/" + descriptor(path) + "#" + key;
            return new SharedRegion(file, name, file.map(FileChannel.MapMode.READ_WRITE, 0, bytes));
        } catch (IOException | RuntimeException e) {
            if (file != null) {
                file.close();
            }
            throw e;
        } finally {
            Files.delete(path);
        }
    }

    /**
     * Allocates all pages of the region now, so that a shortage fails here and not on first access.
     *
     * @throws IOException when there is too little
     */
    synchronized void reserve() throws IOException {
        if (reserved || memory == null) {
            return;
        }
        int bytes = memory.capacity();
        long usable = Files.getFileStore(MEMORY).getUsableSpace();
        if (usable < MOST_OF_FREE * bytes) { // others need some, too
            throw new IOException(usable + " bytes of shared memory are too few for " + bytes);
        }
        for (long from = FLOATS; from < bytes; from += CHUNK) {
            ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(CHUNK, bytes - from));
            while (zeros.hasRemaining()) { // a write may be short where memory is
                file.write(zeros, from + zeros.position());
            }
        }
        reserved = true;
    }

    private static String fileName(UUID key) {
        return "backdraft-" + key;
    }

    private static String descriptor(Path file) throws IOException {
        Path real = file.toRealPath();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path each : descriptors) {
                if (real.equals(target(each))) {
                    return each.getFileName().toString();
                }
            }
        }
        throw new IOException("no descriptor of " + file);
    }

    /** What a link points at; null when it is gone. */
    private static Path target(Path link) {
        try {
            return Files.readSymbolicLink(link);
        } catch (IOException e) {
            return null; // closed by another thread meanwhile
        }
    }

    /**
     * Opens another JVM's region to read.
     *
     * @param name that the other JVM gave
     * @throws IOException when it is not of this machine, or not to be read by this user
     */
    static SharedRegion open(String name) throws IOException {
        Matcher parts = NAME.matcher(name);
        if (!parts.matches()) {
            throw new IOException("not the name of a region: " + name);
        }
        Path path = Path.of(parts.group(1));
        UUID key = UUID.fromString(parts.group(2));
        Path target = target(path); // in another container the same number is another file, which is not to be touched
        if (target == null || !target.endsWith(fileName(key) + " (deleted)")) {
            throw new IOException(path + " is " + target);
        }
        try (FileChannel file = FileChannel.open(path, StandardOpenOption.READ)) {
            ByteBuffer first = ByteBuffer.allocate(STAMP);
            if (file.read(first, 0) < STAMP
                    || first.getLong(0) != key.getMostSignificantBits()
                    || first.getLong(Long.BYTES) != key.getLeastSignificantBits()) {
                throw new IOException(path + " has another key");
            }
            return new SharedRegion(null, name, file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()));
        }
    }

    /** Tells another JVM where the region is, and lets it know that it has found it. */
    String name() {
        return name;
    }

    /** In floats. */
    int capacity() {
        return floats.capacity();
    }

    /**
     * Writes vectors, one after the other, over those written before.
     *
     * @param vectors that fit in; read
     * @return their stamp, positive; 0 when the region is closed
     */
    synchronized int write(List<float[]> vectors) {
        if (memory == null) {
            return 0;
        }
        INT.setOpaque(memory, STAMP, 0);
        VarHandle.storeStoreFence();
        floats.rewind();
        for (float[] vector : vectors) {
            floats.put(vector);
        }
        last = last == Integer.MAX_VALUE ? 1 : last + 1;
        INT.setRelease(memory, STAMP, last);
        return last;
    }

    /**
     * Reads vectors.
     *
     * @param stamp that they have
     * @param vectors as long as those written; overwritten
     * @return false when others have been written since, or the region is closed; what was read is of no use then
     */
    synchronized boolean read(int stamp, List<float[]> vectors) {
        if (memory == null || (int) INT.getAcquire(memory, STAMP) != stamp) {
            return false;
        }
        floats.rewind();
        for (float[] vector : vectors) {
            floats.get(vector);
        }
        VarHandle.loadLoadFence();
        return (int) INT.getOpaque(memory, STAMP) == stamp;
    }

    /** Gives the memory back; other JVMs that have opened it keep it until they close it too. */
    @Override
    public synchronized void close() {
        if (memory == null) {
            return;
        }
        MappedByteBuffer mapped = memory;
        memory = null;
        try {
            if (file != null) {
                file.close();
            }
            if (CleanerUtil.UNMAP_SUPPORTED) {
                CleanerUtil.getCleaner().freeBuffer(mapped);
            } // else it goes when the collector finds it
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
