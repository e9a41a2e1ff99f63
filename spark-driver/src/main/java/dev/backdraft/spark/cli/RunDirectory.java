package dev.backdraft.spark.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;

/** The directory that a run writes into, local or of any file system that Hadoop knows. Made when the first file is written. */
final class RunDirectory {
    private final String name;

    private RunDirectory(String name) {
        this.name = name;
    }

    /**
     * Takes a directory for a run.
     *
     * @param overwrite whether files of an earlier run may be replaced; other files are left alone
     * @throws UsageException when it has files and may not be overwritten, or is no directory
     */
    static RunDirectory of(String name, boolean overwrite) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!overwrite && !directory.isEmpty()) {
            throw new UsageException(name
                    + ": this output directory is not empty: choose another, or add --overwrite to replace its files");
        }
        return directory;
    }

    private boolean isEmpty() throws IOException {
        if (InputFiles.isUri(name)) {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(name);
            FileSystem fileSystem = path.getFileSystem(new Configuration());
            return !fileSystem.exists(path) || fileSystem.listStatus(path).length == 0;
        }
        Path path = Path.of(name);
        if (!Files.exists(path)) {
            return true;
        }
        if (!Files.isDirectory(path)) {
            throw new UsageException(name + ": is a file, but the output is a directory: choose another name");
        }
        try (Stream<Path> entries = Files.list(path)) {
            return entries.findAny().isEmpty();
        }
    }

    /** Name of a file in it. */
    String file(String fileName) {
        return name + (name.endsWith("/") ? "" : "/") + fileName;
    }

    /** Creates or replaces a file. */
    OutputStream create(String fileName) throws IOException {
        if (InputFiles.isUri(name)) {
            org.apache.hadoop.fs.Path path = new org.apache.hadoop.fs.Path(file(fileName));
            return path.getFileSystem(new Configuration()).create(path, true);
        }
        return Files.newOutputStream(localPath(fileName));
    }

    /** Whether the directory is local, so that {@link #localPath} has a meaning. */
    boolean isLocal() {
        return !InputFiles.isUri(name);
    }

    /** Path of a file in it, whose directories are made. */
    Path localPath(String fileName) throws IOException {
        Path path = Path.of(name).resolve(fileName);
        Files.createDirectories(path.getParent());
        return path;
    }
}
