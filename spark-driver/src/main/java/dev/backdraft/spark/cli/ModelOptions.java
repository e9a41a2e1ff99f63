package dev.backdraft.spark.cli;

import dev.backdraft.data.DataFile;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.score.SavedModel;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model, and rows for it; shared by the commands that use one. */
final class ModelOptions {
    private static final String RUN_FILE = "model.backdraft";

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE|DIR",
            description = "A model.backdraft file, or the directory of a run or of a saved spark.ml model.")
    private String model;

    @Mixin(name = "Data")
    private DataOptions data;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master for reading Parquet (default: spark-submit's, else local[*]).")
    private String master;

    Model model() throws IOException {
        return read(model);
    }

    /** Reads the model file of this name, or the one in this local directory. */
    static Model read(String name) throws IOException {
        DataFile file = InputFiles.one(fileOf(name));
        try (InputStream in = file.open()) {
            return ModelFile.read(in, file.name());
        }
    }

    private static String fileOf(String name) {
        if (InputFiles.isUri(name) || !Files.isDirectory(Path.of(name))) {
            return name;
        }
        for (String inside : List.of(RUN_FILE, SavedModel.FILE)) {
            Path file = Path.of(name, inside);
            if (Files.exists(file)) {
                return file.toString();
            }
        }
        throw new UsageException(
                name + ": this directory has neither " + RUN_FILE + ", which train writes, nor " + SavedModel.FILE
                        + ", which spark.ml saves; in a saved pipeline, name the directory of the model's stage");
    }

    /** Rows with labels, if there are any. */
    Input input(Model forModel) throws IOException {
        return Input.forModel(data.spec(), forModel);
    }

    /** Rows whose labels are not read. */
    Input inputWithoutLabels(Model forModel) throws IOException {
        return Input.forPrediction(data.spec(), forModel);
    }

    LazySession session() {
        return new LazySession(Sessions.master(master));
    }
}
