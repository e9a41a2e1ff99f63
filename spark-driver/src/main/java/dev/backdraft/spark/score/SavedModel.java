package dev.backdraft.spark.score;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** A model where it was saved: a model file, or the directory into which a model of {@code spark.ml} was saved. */
public final class SavedModel {
    /** The model file within such a directory. */
    public static final String FILE = "data/model.backdraft";

    private SavedModel() {}

    /**
     * Reads a model.
     *
     * @param path on any file system of Hadoop
     * @throws FileNotFoundException when nothing is there, or a directory without a model
     * @throws dev.backdraft.model.ModelFileException when it is no model file that this version reads
     */
    public static Model read(String path, Configuration configuration) throws IOException {
        Path file = file(path, configuration).getPath();
        try (InputStream in = file.getFileSystem(configuration).open(file)) {
            return ModelFile.read(in, file.toString());
        }
    }

    /**
     * The model file as it is now, by length and time.
     *
     * @param path on any file system of Hadoop
     * @throws FileNotFoundException when nothing is there, or a directory without a model
     */
    public static FileStatus file(String path, Configuration configuration) throws IOException {
        Path file = new Path(path);
        FileSystem files = file.getFileSystem(configuration);
        FileStatus found = files.getFileStatus(file);
        return found.isDirectory() ? files.getFileStatus(new Path(file, FILE)) : found;
    }
}
