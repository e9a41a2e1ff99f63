package dev.backdraft.spark.score;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.storage.HadoopStorage;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredFile;
import dev.backdraft.train.InitialModel;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.apache.hadoop.conf.Configuration;

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
     * The model file of a name: the file itself, or the one in a directory.
     *
     * @return null when nothing is there, or a directory without a model
     */
    public static StoredFile find(Storage storage, String name) throws IOException {
        StoredFile found = storage.find(name);
        if (found == null || !found.isDirectory()) {
            return found;
        }
        for (String inside : FILES) {
            StoredFile file = storage.find(Storage.inside(name, inside));
            if (file != null) {
                return file;
            }
        }
        return null;
    }

    /**
     * Reads a model.
     *
     * @param path on any file system of Hadoop
     * @throws FileNotFoundException when nothing is there, or a directory without a model
     * @throws dev.backdraft.model.ModelFileException when it is no model file that this version reads
     */
    public static Model read(String path, Configuration configuration) throws IOException {
        String file = file(path, configuration).name();
        try (InputStream in = new HadoopStorage(configuration).open(file)) {
            return ModelFile.read(in, file);
        }
    }

    /**
     * Reads a model to start a training from.
     *
     * @param path on any file system of Hadoop
     * @throws FileNotFoundException when nothing is there, or a directory without a model
     * @throws dev.backdraft.model.ModelFileException when it is no model file that this version reads
     */
    public static InitialModel readInitial(String path, Configuration configuration) throws IOException {
        String file = file(path, configuration).name();
        try (InputStream in = new HadoopStorage(configuration).open(file)) {
            return InitialModel.read(in, file);
        }
    }

    /**
     * The model file as it is now, by length and time.
     *
     * @param path on any file system of Hadoop
     * @throws FileNotFoundException when nothing is there, or a directory without a model
     */
    public static StoredFile file(String path, Configuration configuration) throws IOException {
        StoredFile found = find(new HadoopStorage(configuration), path);
        if (found == null) {
            throw new FileNotFoundException("File " + path + " does not exist, or is a directory without a model");
        }
        return found;
    }
}
