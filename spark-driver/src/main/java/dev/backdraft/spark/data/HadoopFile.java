package dev.backdraft.spark.data;

import dev.backdraft.data.DataFile;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;

/** A file of any file system that Hadoop knows, named by its URI; configured by the Hadoop files on the class path. */
public record HadoopFile(String name) implements DataFile {
    @Override
    public InputStream open() throws IOException {
        Path path = new Path(name);
        return path.getFileSystem(new Configuration()).open(path);
    }
}
