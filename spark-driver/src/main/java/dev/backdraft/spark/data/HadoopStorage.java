package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;

/**
 * The file systems that Hadoop knows, by URI; a name without a scheme belongs to Hadoop's default file system.
 *
 * @param configuration Hadoop's settings; shared
 */
public record HadoopStorage(Configuration configuration) implements Storage {
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
    public InputStream open(String name) throws IOException {
        Path path = HadoopFileSystems.path(name);
        return files(path).open(path);
    }

    @Override
    public OutputStream create(String name) throws IOException {
        Path path = HadoopFileSystems.path(name);
        return new DurableOutput(files(path).create(path, true));
    }

    @Override
    public void replace(String name, Content content) throws IOException {
        Path path = HadoopFileSystems.path(name);
        FileSystem files = files(path);
        Path from = new Path(path.getParent(), ".backdraft-" + UUID.randomUUID() + ".tmp");
        try {
            try (OutputStream out = files.create(from, false)) {
                content.writeTo(out);
            }
            // FileSystem.rename does not replace; this does, at once where the file system can.
            FileContext.getFileContext(from.toUri(), files.getConf()).rename(from, path, Options.Rename.OVERWRITE);
        } catch (IOException | RuntimeException e) {
            try {
                files.delete(from, false);
            } catch (IOException again) {
                e.addSuppressed(again);
            }
            throw e;
        }
    }

    @Override
    public void delete(String name) throws IOException {
        Path path = HadoopFileSystems.path(name);
        files(path).delete(path, false);
    }
}
