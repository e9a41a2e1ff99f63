package dev.backdraft.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.function.IntPredicate;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * The local file system under {@code failing:}, some of whose operations fail: by number, or for want of space. Its
 * messages name no path, so that those of Backdraft must. Renaming does not overwrite, as on most of Hadoop's file
 * systems. For one training at a time.
 */
public final class FailingFileSystem extends RawLocalFileSystem {
    static final String SCHEME = "failing";
    static final String FAULT = "the cable is out";
    static final String FULL = "No space left on device";

    private static IntPredicate fails = operation -> false; // of all instances, as Hadoop makes them
    private static long space = Long.MAX_VALUE; // bytes that can still be written
    private static int operations;
    private static boolean hasFailed;

    /** Everything works. */
    static synchronized void heal() {
        fail(operation -> false);
        space = Long.MAX_VALUE;
    }

    /** Has operations fail, counted from 1 from now on. */
    static synchronized void fail(IntPredicate which) {
        fails = which;
        operations = 0;
        hasFailed = false;
    }

    /** Takes this many more bytes, until files are deleted. */
    static synchronized void fill(long bytes) {
        heal();
        space = bytes;
    }

    /** Whether an operation has failed since. */
    static synchronized boolean hasFailed() {
        return hasFailed;
    }

    private static synchronized void operation() throws IOException {
        operations++;
        if (fails.test(operations)) {
            hasFailed = true;
            throw new IOException(FAULT);
        }
    }

    private static synchronized void take(int bytes) throws IOException {
        if (bytes > space) {
            hasFailed = true;
            throw new IOException(FULL);
        }
        space -= bytes;
    }

    private static synchronized void giveBack(long bytes) {
        space = Math.min(Long.MAX_VALUE - bytes, space) + bytes;
    }

    /** A file context whose rename overwrites at once, as that of HDFS. */
    public static final class Overwriting extends DelegateToFileSystem {
        /** As Hadoop makes it. */
        public Overwriting(URI uri, Configuration configuration) throws IOException, URISyntaxException {
            super(uri, opened(configuration), configuration, SCHEME, false);
        }

        private static FailingFileSystem opened(Configuration configuration) throws IOException {
            FailingFileSystem files = new FailingFileSystem();
            files.initialize(URI.create(SCHEME + ":///"), configuration);
            return files;
        }

        @Override
        public int getUriDefaultPort() {
            return -1;
        }

        @Override
        public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
            operation();
            java.nio.file.Path target = java.nio.file.Path.of(to.toUri().getPath());
            java.nio.file.Files.move(
                    java.nio.file.Path.of(from.toUri().getPath()),
                    target,
                    java.nio.file.StandardCopyOption.ATOMIC_MOVE);
        }

        @Override
        public void renameInternal(Path from, Path to) throws IOException {
            rename(from, to, Options.Rename.NONE);
        }
    }

    @Override
    public String getScheme() {
        return SCHEME;
    }

    @Override
    public URI getUri() {
        return URI.create(SCHEME + ":///");
    }

    private static final class Output extends OutputStream {
        private final OutputStream out;

        Output(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int from, int length) throws IOException {
            operation();
            take(length);
            out.write(bytes, from, length);
        }

        @Override
        public void flush() throws IOException {
            operation();
            out.flush();
        }

        @Override
        public void close() throws IOException {
            operation();
            out.close();
        }
    }

    private static FSDataOutputStream wrapped(FSDataOutputStream out) throws IOException {
        return new FSDataOutputStream(new Output(out), null);
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        operation();
        return super.open(path, bufferSize);
    }

    @Override
    public FSDataOutputStream create(
            Path path,
            FsPermission permission,
            boolean overwrite,
            int bufferSize,
            short replication,
            long blockSize,
            Progressable progress)
            throws IOException {
        operation();
        return wrapped(super.create(path, permission, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream create(
            Path path, boolean overwrite, int bufferSize, short replication, long blockSize, Progressable progress)
            throws IOException {
        operation();
        return wrapped(super.create(path, overwrite, bufferSize, replication, blockSize, progress));
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) throws IOException {
        operation();
        return wrapped(super.append(path, bufferSize, progress));
    }

    @Override
    public void setPermission(Path path, FsPermission permission) {
        // would start a process for each file
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        operation();
        return !pathToFile(to).exists() && super.rename(from, to);
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        operation();
        long length = pathToFile(path).length();
        boolean deleted = super.delete(path, recursive);
        giveBack(deleted ? length : 0);
        return deleted;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        operation();
        return super.listStatus(path);
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        operation();
        return super.getFileStatus(path);
    }
}
