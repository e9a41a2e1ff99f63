package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/**
 * Writes a file whole or not at all: beside it first, forced to the disk, then in its place at once. Whoever reads meanwhile, or
 * after a crash, finds the old file or the new one.
 */
public final class AtomicFile {
    private AtomicFile() {}

    /** Writes the content of a file. */
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** A file that is there is replaced; through a symbolic link, the file that it names. */
    public static void write(Path path, Content content) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is " + (Files.isDirectory(path) ? "a directory" : "no regular file"));
        }
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        // Not Files.createTempFile: its files are for their owner alone.
        Path temporary = target.resolveSibling(".backdraft-" + UUID.randomUUID() + ".tmp");
        try {
            try (FileChannel channel =
                    FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                content.writeTo(Channels.newOutputStream(channel));
                channel.force(true);
            }
            keepPermissions(target, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    /** Gives the new file the permissions of the one that it replaces, where the file system has them. */
    private static void keepPermissions(Path replaced, Path by) throws IOException {
        if (Files.exists(replaced) && Files.getFileStore(replaced).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(by, Files.getPosixFilePermissions(replaced));
        }
    }
}
