package dev.backdraft.spark.cli;

import dev.backdraft.data.file.DataFile;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.spark.storage.Storage;
import dev.backdraft.spark.storage.StoredFile;
import dev.backdraft.train.InitialModel;
import java.io.IOException;
import java.io.InputStream;
import org.apache.spark.sql.SparkSession;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A model, and rows for it; shared by the commands that use one. */
final class ModelOptions {
    private static final long PART_BYTES = 16 << 20; // of Parquet, scored by one task

    @Option(
            names = "--model",
            required = true,
            paramLabel = "FILE|DIR",
            description = "A model.backdraft file, or the directory of a run or of a saved spark.ml model.")
    private String model;

    @Mixin(name = "Data")
    private DataOptions data;

    @Mixin
    private ColumnOptions columns;

    @Mixin
    private InvalidOption invalid;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else local[*]).")
    private String master;

    @Mixin
    private VerboseOption verbose;

    Model model() throws IOException {
        verbose.apply();
        return read(model);
    }

    /** Reads the model file of this name, or the one in this directory. */
    static Model read(String name) throws IOException {
        return readContents(name).model();
    }

    /** The same, and whether the file has checksums, which were verified. */
    static ModelFile.Contents readContents(String name) throws IOException {
        DataFile file = InputFiles.one(fileOf(name), "model file or directory");
        try (InputStream in = file.open()) {
            return ModelFile.readContents(in, file.name());
        }
    }

    /** Reads the model to start from, of this name or in this directory. */
    static InitialModel readInitial(String name) throws IOException {
        DataFile file = InputFiles.one(fileOf(name), "model file or directory");
        try (InputStream in = file.open()) {
            return InitialModel.read(in, file.name());
        }
    }

    /** Whether the model of this name, or in this directory, is that file. */
    static boolean isFile(String name, String file) throws IOException {
        String found = fileOf(name);
        Storage storage = Storage.of(found);
        Storage other = Storage.of(file);
        return storage.getClass() == other.getClass()
                ? storage.isSame(found, file)
                : storage.location(found).equals(other.location(file));
    }

    private static String fileOf(String name) throws IOException {
        Storage storage = Storage.of(name);
        if (!storage.isDirectory(name)) {
            return name;
        }
        StoredFile found = SavedModel.find(storage, name);
        if (found == null) {
            throw noModel(name);
        }
        return found.name();
    }

    private static UsageException noModel(String name) {
        return new UsageException(name + ": this directory has neither " + SavedModel.RUN_FILE
                + ", which train writes, nor " + SavedModel.FILE
                + ", which spark.ml saves; in a saved pipeline, name the directory of the model's stage");
    }

    /** Rows with labels, if there are any. */
    Input input(Model forModel) throws IOException {
        return Input.forModel(data.spec().with(columns.choice(), invalid.skips()), forModel);
    }

    /**
     * Rows whose labels are not read.
     *
     * @param kept columns to keep beside each row, or null
     */
    Input inputWithoutLabels(Model forModel, String kept) throws IOException {
        return Input.forPrediction(data.spec().with(columns.choice().withKept(kept), invalid.skips()), forModel);
    }

    /** Whether rows with invalid values are skipped. */
    boolean skipsInvalid() {
        return invalid.skips();
    }

    /** Whether a cluster scores these rows: where training would run on it, and for Parquet, which Spark reads. */
    boolean isDistributed(Input input) {
        return input.needsSpark() || Sessions.runsOnSpark(Sessions.master(master));
    }

    LazySession session() {
        return new LazySession(Sessions.master(master));
    }

    /** The session, whose parts of Parquet do not depend on the number of processors. */
    static SparkSession withFixedParts(SparkSession session) {
        session.conf().set("spark.sql.files.maxPartitionBytes", PART_BYTES);
        session.conf().set("spark.sql.files.openCostInBytes", PART_BYTES);
        return session;
    }
}
