package dev.backdraft.spark.storage;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Abortable;
import org.apache.hadoop.fs.CommonPathCapabilities;
import org.apache.hadoop.fs.DelegateToFileSystem;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PositionedReadable;
import org.apache.hadoop.fs.Seekable;
import org.apache.hadoop.fs.permission.FsPermission;
import org.apache.hadoop.util.Progressable;

/**
 * Files in memory under {@code memory:}, in one directory. Renaming does not overwrite. As an object store it publishes
 * files when they are closed, and otherwise when they are created. Operations that change files can be made to fail,
 * and appending to be refused.
 */
final class MemoryFileSystem extends FileSystem {
    /** Of all instances, as Hadoop makes them. */
    static final Map<String, byte[]> FILES = new TreeMap<>();

    /** The content of a directory. */
    static final byte[] DIRECTORY = new byte[0];

    /** In the name of a file that was written in 1970. */
    static final String AGED = "a0ed0000-0000-4000-8000-000000000000";

    static boolean isObjectStore;
    static Supplier<? extends Exception> refusesToAppend; // null where files can be appended to
    static boolean refusesToAbort;
    static int openOutputs;
    static int failsFrom; // the first operation that fails, counted from 1
    static int failsTo; // the last one
    static int operations;
    static boolean failed;

    static Configuration configuration() {
        Configuration configuration = new Configuration(false);
        configuration.set("fs.memory.impl", MemoryFileSystem.class.getName());
        return configuration;
    }

    static void reset() {
        FILES.clear();
        isObjectStore = false;
        refusesToAppend = null;
        refusesToAbort = false;
        openOutputs = 0;
        fail(0, 0);
    }

    static void fail(int from, int to) {
        failsFrom = from;
        failsTo = to;
        operations = 0;
        failed = false;
    }

    private static void change() throws IOException {
        operations++;
        if (operations >= failsFrom && operations <= failsTo) {
            failed = true;
            throw new IOException("operation " + operations + " fails");
        }
    }

    /** Hadoop's usual FileContext, which deletes before it renames. */
    static class DeletesFirst extends DelegateToFileSystem {
        DeletesFirst(URI uri, Configuration configuration) throws Exception {
            super(uri, open(configuration), configuration, "memory", false);
        }

        private static FileSystem open(Configuration configuration) throws IOException {
            FileSystem files = new MemoryFileSystem();
            files.initialize(URI.create("memory:/"), configuration);
            return files;
        }
    }

    /** A FileContext that overwrites at once. */
    static final class OverwritesAtOnce extends DeletesFirst {
        OverwritesAtOnce(URI uri, Configuration configuration) throws Exception {
            super(uri, configuration);
        }

        @Override
        public void renameInternal(Path from, Path to, boolean overwrite) throws IOException {
            change();
            FILES.put(to.getName(), FILES.remove(from.getName()));
        }
    }

    @Override
    public String getScheme() {
        return "memory";
    }

    @Override
    public URI getUri() {
        return URI.create("memory:/");
    }

    @Override
    public boolean hasPathCapability(Path path, String capability) throws IOException {
        return capability.equals(CommonPathCapabilities.ABORTABLE_STREAM)
                ? isObjectStore
                : super.hasPathCapability(path, capability);
    }

    private static final class Output extends ByteArrayOutputStream implements Abortable {
        private final String name;
        private boolean open = true;

        Output(String name, byte[] start) {
            this.name = name;
            writeBytes(start);
            openOutputs++;
        }

        @Override
        public void flush() throws IOException {
            if (open && !isObjectStore) {
                change();
                FILES.put(name, toByteArray());
            }
        }

        @Override
        public void close() throws IOException {
            if (open) {
                open = false;
                openOutputs--;
                change();
                FILES.put(name, toByteArray());
            }
        }

        @Override
        public AbortableResult abort() {
            open = false;
            openOutputs--;
            if (refusesToAbort) {
                throw new UnsupportedOperationException("abort");
            }
            return null;
        }
    }

    private static final class Input extends ByteArrayInputStream implements Seekable, PositionedReadable {
        Input(byte[] bytes) {
            super(bytes);
        }

        @Override
        public void seek(long position) {
            pos = (int) position;
        }

        @Override
        public long getPos() {
            return pos;
        }

        @Override
        public boolean seekToNewSource(long target) {
            return false;
        }

        @Override
        public int read(long position, byte[] into, int offset, int length) {
            byte[] part = Arrays.copyOfRange(buf, (int) position, Math.min(count, (int) position + length));
            System.arraycopy(part, 0, into, offset, part.length);
            return part.length;
        }

        @Override
        public void readFully(long position, byte[] into, int offset, int length) {
            read(position, into, offset, length);
        }

        @Override
        public void readFully(long position, byte[] into) {
            read(position, into, 0, into.length);
        }
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        getFileStatus(path);
        return new FSDataInputStream(new Input(FILES.get(path.getName())));
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
        change();
        if (!isObjectStore) {
            FILES.put(path.getName(), new byte[0]);
        }
        return new FSDataOutputStream(new Output(path.getName(), new byte[0]), null);
    }

    @Override
    public FSDataOutputStream append(Path path, int bufferSize, Progressable progress) throws IOException {
        change();
        Exception refusal = refusesToAppend == null ? null : refusesToAppend.get();
        if (refusal instanceof IOException checked) {
            throw checked;
        }
        if (isObjectStore || refusal != null) {
            throw new UnsupportedOperationException("append", refusal);
        }
        return new FSDataOutputStream(new Output(path.getName(), FILES.get(path.getName())), null);
    }

    @Override
    public boolean rename(Path from, Path to) throws IOException {
        change();
        if (!FILES.containsKey(from.getName()) || FILES.containsKey(to.getName())) {
            return false;
        }
        FILES.put(to.getName(), FILES.remove(from.getName()));
        return true;
    }

    @Override
    public boolean delete(Path path, boolean recursive) throws IOException {
        change();
        return FILES.remove(path.getName()) != null;
    }

    @Override
    public FileStatus[] listStatus(Path path) throws IOException {
        if (FILES.containsKey(path.getName())) {
            return new FileStatus[] {getFileStatus(path)};
        }
        List<FileStatus> statuses = new ArrayList<>();
        for (String name : FILES.keySet()) {
            statuses.add(getFileStatus(new Path(path, name)));
        }
        return statuses.toArray(FileStatus[]::new);
    }

    @Override
    public void setWorkingDirectory(Path directory) {}

    @Override
    public Path getWorkingDirectory() {
        return new Path("memory:/");
    }

    @Override
    public boolean mkdirs(Path path, FsPermission permission) {
        return true;
    }

    @Override
    public FileStatus getFileStatus(Path path) throws IOException {
        if (path.isRoot()) {
            return new FileStatus(0, true, 1, 1, 0, path);
        }
        byte[] bytes = FILES.get(path.getName());
        if (bytes == null) {
            throw new FileNotFoundException(path.toString());
        }
        long modified = path.getName().contains(AGED) ? 0 : System.currentTimeMillis();
        return new FileStatus(bytes.length, bytes == DIRECTORY, 1, 1, modified, makeQualified(path));
    }
}
