package dev.backdraft.spark.storage;

import dev.backdraft.data.file.DataFile;
import dev.backdraft.model.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The disks of this machine, by path. */
public record LocalStorage() implements Storage {
    @Override
    public StoredFile find(String name) throws IOException {
        Path path = Path.of(name);
        return Files.exists(path) ? entry(path) : null;
    }

    @Override
    public List<StoredFile> list(String directory) throws IOException {
        List<StoredFile> entries = new ArrayList<>();
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(Path.of(directory))) {
            for (Path path : paths) {
                if (Files.isDirectory(path) || Files.isRegularFile(path)) {
                    entries.add(entry(path));
                }
            }
        }
        return entries;
    }

    private static StoredFile entry(Path path) throws IOException {
        boolean directory = Files.isDirectory(path);
        return new StoredFile(
                path.toString(),
                String.valueOf(path.getFileName()),
                directory,
                directory ? 0 : Files.size(path),
                Files.getLastModifiedTime(path).toMillis(),
                DataFile.local(path));
    }

    @Override
    public String parent(String name) {
        Path parent = Path.of(name).toAbsolutePath().getParent();
        return parent == null ? null : parent.toString();
    }

    @Override
    public String location(String name) {
        return "file://" + Path.of(name).toAbsolutePath();
    }

    @Override
    public boolean isSame(String one, String other) throws IOException {
        return exists(one) && exists(other) && Files.isSameFile(Path.of(one), Path.of(other));
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(Path.of(name));
    }

    @Override
    public OutputStream create(String name, byte[] start) throws IOException {
        replace(name, out -> out.write(start));
        return Files.newOutputStream(Path.of(name), StandardOpenOption.APPEND);
    }

    @Override
    public boolean createNew(String name, byte[] content) throws IOException {
        Path path = Path.of(name);
        Files.createDirectories(path.toAbsolutePath().getParent());
        try {
            Files.write(path, content, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
            return true;
        } catch (FileAlreadyExistsException e) {
            return false;
        }
    }

    @Override
    public void replace(String name, Content content) throws IOException {
        Files.createDirectories(Path.of(name).toAbsolutePath().getParent());
        AtomicFile.write(Path.of(name), content::writeTo);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(Path.of(name));
    }
}
