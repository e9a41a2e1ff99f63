package dev.backdraft.spark.storage;

import dev.backdraft.data.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The file systems that Hadoop knows, by URI; a name without a scheme belongs to Hadoop's default file system.
 *
 * @param configuration Hadoop's settings; shared
 */
public record HadoopStorage(Configuration configuration) implements Storage {
    private static final Logger LOG = LoggerFactory.getLogger(HadoopStorage.class);
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.-]*:/.*");

    /** Whether a name is a URI; a local path may have a colon, too. */
    static boolean isUri(String name) {
        return URI.matcher(name).matches();
    }

    private FileSystem files(Path path) throws IOException {
        return HadoopFileSystems.of(path, configuration);
    }

    @Override
    public StoredFile find(String name) throws IOException {
        Path path = HadoopFileSystems.path(name);
        try {
            return entry(files(path).getFileStatus(path));
        } catch (FileNotFoundException e) {
            return null;
        } catch (IOException e) {
            throw HadoopFileSystems.naming(name, e);
        }
    }

    @Override
    public List<StoredFile> list(String directory) throws IOException {
        Path path = HadoopFileSystems.path(directory);
        try {
            List<StoredFile> entries = new ArrayList<>();
            for (FileStatus status : files(path).listStatus(path)) {
                entries.add(entry(status));
            }
            return entries;
        } catch (IllegalArgumentException e) { // of Hadoop's Path
            throw new DataException(
                    "%s: a file in this directory has a name that Hadoop cannot read, such as a name with a colon (%s):"
                            + " rename it",
                    directory, e.getMessage());
        } catch (FileNotFoundException e) {
            throw e;
        } catch (IOException e) {
            throw HadoopFileSystems.naming(directory, e);
        }
    }

    private static StoredFile entry(FileStatus status) {
        String path = status.getPath().toString();
        return new StoredFile(
                path,
                status.getPath().getName(),
                status.isDirectory(),
                status.getLen(),
                status.getModificationTime(),
                new HadoopFile(path));
    }

    @Override
    public String parent(String name) {
        Path parent = HadoopFileSystems.path(name).getParent();
        return parent == null ? null : parent.toString();
    }

    @Override
    public String location(String name) {
        return name;
    }

    @Override
    public boolean isSame(String one, String other) throws IOException {
        return exists(one)
                && new Path(one)
                        .toUri()
                        .normalize()
                        .equals(new Path(other).toUri().normalize());
    }

    @Override
    public InputStream open(String name) throws IOException {
        return HadoopFileSystems.open(name, configuration);
    }

    @Override
    public OutputStream create(String name, byte[] start) throws IOException {
        Path path = HadoopFileSystems.path(name);
        FileSystem files = files(path);
        if (files instanceof LocalFileSystem local) {
            return new LocalStorage().create(withoutChecksum(local, path), start);
        }
        HadoopReplacement replacement = new HadoopReplacement(files, path);
        if (!replacement.isThere() || replacement.publishesOnClose()) {
            return begin(replacement, start);
        }
        replacement.write(out -> out.write(start));
        try {
            return new DurableOutput(files.append(path));
        } catch (IOException | UnsupportedOperationException e) { // file systems do not agree on how to refuse it
            LOG.debug("{} cannot be appended to, and is written again when it grows", path, e);
            return new RewrittenOutput(replacement, start);
        }
    }

    @Override
    public boolean createNew(String name, byte[] content) throws IOException {
        Path path = HadoopFileSystems.path(name);
        FileSystem files = files(path);
        if (files instanceof LocalFileSystem local) {
            return new LocalStorage().createNew(withoutChecksum(local, path), content);
        }
        try {
            if (files.exists(path)) { // an object store may find out when the stream is closed, or never
                return false;
            }
            try (FSDataOutputStream out = files.create(path, false)) {
                out.write(content);
                return true;
            }
        } catch (FileAlreadyExistsException e) {
            return false;
        } catch (IOException e) {
            throw HadoopFileSystems.naming(name, e);
        }
    }

    private static OutputStream begin(HadoopReplacement replacement, byte[] start) throws IOException {
        FSDataOutputStream out = replacement.inPlace();
        try {
            out.write(start);
            return new DurableOutput(out);
        } catch (IOException | RuntimeException e) {
            replacement.discard(out, e);
            throw e;
        }
    }

    @Override
    public void replace(String name, Content content) throws IOException {
        Path path = HadoopFileSystems.path(name);
        FileSystem files = files(path);
        if (files instanceof LocalFileSystem local) {
            new LocalStorage().replace(withoutChecksum(local, path), content);
        } else {
            new HadoopReplacement(files, path).write(content);
        }
    }

    /**
     * Deletes the checksum file of a file that is about to be written, because two files cannot be replaced at once,
     * and returns the file's local path.
     */
    private static String withoutChecksum(LocalFileSystem local, Path path) throws IOException {
        local.getRaw().delete(local.getChecksumFile(path), false);
        return local.pathToFile(path).getPath();
    }

    @Override
    public void delete(String name) throws IOException {
        Path path = HadoopFileSystems.path(name);
        files(path).delete(path, false);
    }
}
