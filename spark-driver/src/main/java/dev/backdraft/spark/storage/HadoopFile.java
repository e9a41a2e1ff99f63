package dev.backdraft.spark.storage;

import dev.backdraft.data.file.DataFile;
import java.io.IOException;
import java.io.InputStream;

/** A file of any file system that Hadoop knows, named by its URI; see {@link HadoopFileSystems} for its settings. */
public record HadoopFile(String name) implements DataFile {
    @Override
    public InputStream open() throws IOException {
        return HadoopFileSystems.open(name, HadoopFileSystems.configuration());
    }
}
