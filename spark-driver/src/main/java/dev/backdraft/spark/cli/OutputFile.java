package dev.backdraft.spark.cli;

import dev.backdraft.spark.data.HadoopFileSystems;
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
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Options;

/**
 * A file to write, local or of any file system that Hadoop knows; directories above it are made when it is.
 *
 * @param name path or URI
 */
record OutputFile(String name) {
    /** Writes the content of a file. */
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    private boolean isHadoop() {
        return InputFiles.isUri(name);
    }

    private org.apache.hadoop.fs.Path hadoop() {
        return HadoopFileSystems.path(name);
    }

    private FileSystem fileSystem() throws IOException {
        return HadoopFileSystems.of(hadoop());
    }

    boolean exists() throws IOException {
        return isHadoop() ? fileSystem().exists(hadoop()) : Files.exists(Path.of(name));
    }

    InputStream open() throws IOException {
        return isHadoop() ? fileSystem().open(hadoop()) : Files.newInputStream(Path.of(name));
    }

    /** The text of a small file. */
    String readText() throws IOException {
        return InputFiles.readText(name);
    }

    /** Creates or replaces a file that grows; what is flushed outlives this JVM. */
    OutputStream create() throws IOException {
        if (isHadoop()) {
            return new DurableOutput(fileSystem().create(hadoop(), true));
        }
        makeDirectory();
        return Files.newOutputStream(Path.of(name));
    }

    private Path makeDirectory() throws IOException {
        Path directory = Path.of(name).toAbsolutePath().getParent();
        Files.createDirectories(directory);
        return directory;
    }

    /** Writes the file whole or not at all: under another name first, then in its place at once. */
    void replace(Content content) throws IOException {
        String temporary = ".backdraft-" + UUID.randomUUID() + ".tmp";
        if (isHadoop()) {
            replaceHadoop(new org.apache.hadoop.fs.Path(hadoop().getParent(), temporary), content);
            return;
        }
        Path from = makeDirectory().resolve(temporary);
        try {
            try (FileChannel channel =
                    FileChannel.open(from, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            Files.move(from, Path.of(name), StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(from);
        }
    }

    private void replaceHadoop(org.apache.hadoop.fs.Path from, Content content) throws IOException {
        FileSystem fileSystem = fileSystem();
        try {
            try (OutputStream out = fileSystem.create(from, false)) {
                content.writeTo(out);
            }
            // FileSystem.rename does not replace; this does, at once where the file system can.
            FileContext.getFileContext(from.toUri(), fileSystem.getConf())
                    .rename(from, hadoop(), Options.Rename.OVERWRITE);
        } finally {
            fileSystem.delete(from, false);
        }
    }

    void deleteIfExists() throws IOException {
        if (isHadoop()) {
            fileSystem().delete(hadoop(), false);
        } else {
            Files.deleteIfExists(Path.of(name));
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
