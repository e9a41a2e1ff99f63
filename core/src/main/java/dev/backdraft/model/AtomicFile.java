package dev.backdraft.model;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

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

    /**
     * A file that is there is replaced; through a symbolic link, the file that it names. Temporary files that
     * dead writers have left in the directory are removed.
     */
    public static void write(Path path, Content content) throws IOException {
        if (Files.exists(path) && !Files.isRegularFile(path)) {
            throw new IOException("it is " + (Files.isDirectory(path) ? "a directory" : "no regular file"));
        }
        Path target = Files.exists(path) ? path.toRealPath() : path.toAbsolutePath();
        TemporaryFile.removeDead(target.getParent());
        try (TemporaryFile temporary = TemporaryFile.create(target)) {
            content.writeTo(temporary.out());
            temporary.force();
            keepPermissions(target, temporary.path());
            Files.move(temporary.path(), target, StandardCopyOption.ATOMIC_MOVE);
        }
    }

    /** Gives the new file the permissions of the one that it replaces, where the file system has them. */
    private static void keepPermissions(Path replaced, Path by) throws IOException {
        if (Files.exists(replaced) && Files.getFileStore(replaced).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(by, Files.getPosixFilePermissions(replaced));
        }
    }
}
