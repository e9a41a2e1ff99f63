package dev.backdraft.spark.storage;

import dev.backdraft.data.file.DataFile;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.fs.Path;

/** A file of any file system that Hadoop knows, named by its URI; see {@link HadoopFileSystems} for its settings. */
public record HadoopFile(String name) implements DataFile {
    @Override
    public InputStream open() throws IOException {
        Path path = HadoopFileSystems.path(name);
        return HadoopFileSystems.of(path).open(path);
    }
}
