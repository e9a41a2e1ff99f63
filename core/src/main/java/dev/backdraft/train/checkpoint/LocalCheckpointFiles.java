package dev.backdraft.train.checkpoint;

import dev.backdraft.model.AtomicFile;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Checkpoints on a disk of this machine. */
record LocalCheckpointFiles(Path directory) implements CheckpointFiles {
    @Override
    public List<String> list() throws IOException {
        List<String> names = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
                files.forEach(file -> names.add(file.getFileName().toString()));
            }
        }
        return names;
    }

    @Override
    public InputStream open(String name) throws IOException {
        return Files.newInputStream(directory.resolve(name));
    }

    @Override
    public void replace(String name, Content content) throws IOException {
        Files.createDirectories(directory);
        AtomicFile.write(directory.resolve(name), content::writeTo);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public String location(String name) {
        return directory.resolve(name).toString();
    }
}
