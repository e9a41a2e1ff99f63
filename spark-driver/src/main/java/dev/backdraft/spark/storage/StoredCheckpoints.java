package dev.backdraft.spark.storage;

import dev.backdraft.train.checkpoint.CheckpointFiles;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/**
 * Checkpoints in a directory of any {@link Storage}.
 *
 * @param directory path or URI
 */
public record StoredCheckpoints(Storage storage, String directory) implements CheckpointFiles {
    /** A directory of this machine, or of the file system that its URI names. */
    public static StoredCheckpoints of(String directory) {
        return new StoredCheckpoints(Storage.of(directory), directory);
    }

    @Override
    public List<String> list() throws IOException {
        return storage.isDirectory(directory)
                ? storage.list(directory).stream().map(StoredFile::fileName).toList()
                : List.of();
    }

    @Override
    public InputStream open(String name) throws IOException {
        return storage.open(location(name));
    }

    @Override
    public void replace(String name, Content content) throws IOException {
        storage.replace(location(name), content::writeTo);
    }

    @Override
    public void delete(String name) throws IOException {
        storage.delete(location(name));
    }

    @Override
    public String location(String name) {
        return Storage.inside(directory, name);
    }
}
