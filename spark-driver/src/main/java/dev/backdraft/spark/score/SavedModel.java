package dev.backdraft.spark.score;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.data.HadoopFileSystems;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/**
 * A model where it was saved: a model file, the directory of a run of the command line, or the directory into which a model of
 * {@code spark.ml} was saved.
 */
public final class SavedModel {
    /** The model file within such a directory. */
    public static final String FILE = "data/model.backdraft";

    /** The model file within the directory of a run of the command line. */
    public static final String RUN_FILE = "model.backdraft";

    /** Where a directory may have its model, in the order in which it is looked for. */
    public static final List<String> FILES = List.of(RUN_FILE, FILE);

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
        try (InputStream in = HadoopFileSystems.of(file, configuration).open(file)) {
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
        Path file = HadoopFileSystems.path(path);
        FileSystem files = HadoopFileSystems.of(file, configuration);
        FileStatus found = files.getFileStatus(file);
        if (!found.isDirectory()) {
            return found;
        }
        Path ofRun = new Path(file, RUN_FILE);
        return files.getFileStatus(files.exists(ofRun) ? ofRun : new Path(file, FILE));
    }
}
