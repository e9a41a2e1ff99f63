package dev.backdraft.spark.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;

/** The directory that a run writes into, local or of any file system that Hadoop knows. Made when the first file is written. */
final class RunDirectory {
    static final String MODEL = "model.backdraft";
    static final String CHECKPOINT = "checkpoint.backdraft";
    static final String CONFIG = "config.json";
    static final String HISTORY = "history.csv";

    private final String name;

    /** Writes the content of a file. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private RunDirectory(String name) {
        this.name = name;
    }

    /**
     * Takes a directory for a new run.
     *
     * @param overwrite whether files of an earlier run may be replaced; other files are left alone
     * @throws UsageException when it has files and may not be overwritten, or is no directory
     */
    static RunDirectory forNewRun(String name, boolean overwrite) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!directory.isEmpty() && !overwrite) {
            throw new UsageException(name
                    + ": this output directory is not empty: choose another, or add --overwrite to replace its files");
        }
        return directory;
    }

    /**
     * Takes the directory of a run that goes on.
     *
     * @throws UsageException when there is no checkpoint in it
     */
    static RunDirectory toGoOn(String name) throws IOException {
        RunDirectory directory = new RunDirectory(name);
        if (!directory.has(CHECKPOINT)) {
            throw new UsageException(
                    directory.file(CHECKPOINT)
                            + ": there is no checkpoint to go on from: train with --checkpoint-every N first, or leave out --resume");
        }
        return directory;
    }

    private boolean isEmpty() throws IOException {
        if (isHadoop()) {
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

    private boolean isHadoop() {
        return InputFiles.isUri(name);
    }

    /** Name of a file in it. */
    String file(String fileName) {
        return name + (name.endsWith("/") ? "" : "/") + fileName;
    }

    private org.apache.hadoop.fs.Path hadoop(String fileName) {
        return new org.apache.hadoop.fs.Path(file(fileName));
    }

    private static FileSystem fileSystem(org.apache.hadoop.fs.Path path) throws IOException {
        return path.getFileSystem(new Configuration());
    }

    /** Path of a file in it, whose directories are made. */
    private Path local(String fileName) throws IOException {
        Path path = Path.of(name).resolve(fileName);
        Files.createDirectories(path.getParent());
        return path;
    }

    /** Whether there is such a file. */
    boolean has(String fileName) throws IOException {
        return isHadoop()
                ? fileSystem(hadoop(fileName)).exists(hadoop(fileName))
                : Files.exists(Path.of(name).resolve(fileName));
    }

    /** Opens a file. */
    InputStream open(String fileName) throws IOException {
        return isHadoop()
                ? fileSystem(hadoop(fileName)).open(hadoop(fileName))
                : Files.newInputStream(Path.of(name).resolve(fileName));
    }

    /** The text of a small file. */
    String readText(String fileName) throws IOException {
        return InputFiles.readText(file(fileName));
    }

    /** Creates or replaces a file that grows as the run goes on. */
    OutputStream create(String fileName) throws IOException {
        return isHadoop()
                ? new DurableOutput(fileSystem(hadoop(fileName)).create(hadoop(fileName), true))
                : Files.newOutputStream(local(fileName));
    }

    /** Writes a file whole or not at all: under another name first, then in its place at once. */
    void replace(String fileName, Content content) throws IOException {
        String temporary = ".backdraft-" + UUID.randomUUID() + ".tmp";
        if (isHadoop()) {
            replaceHadoop(hadoop(temporary), hadoop(fileName), content);
            return;
        }
        Path from = local(temporary);
        try {
            try (FileChannel channel =
                    FileChannel.open(from, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(from, local(fileName), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(from);
        }
    }

    private static void replaceHadoop(org.apache.hadoop.fs.Path from, org.apache.hadoop.fs.Path to, Content content)
            throws IOException {
        FileSystem fileSystem = fileSystem(from);
        try {
            try (OutputStream out = fileSystem.create(from, false)) {
                content.writeTo(out);
            }
            // FileSystem.rename does not replace; this does, at once where the file system can.
            FileContext.getFileContext(from.toUri(), fileSystem.getConf()).rename(from, to, Options.Rename.OVERWRITE);
        } finally {
            fileSystem.delete(from, false);
        }
    }

    /** Deletes a file if it is there. */
    void delete(String fileName) throws IOException {
        if (isHadoop()) {
            fileSystem(hadoop(fileName)).delete(hadoop(fileName), false);
        } else {
            Files.deleteIfExists(Path.of(name).resolve(fileName));
        }
    }
}
