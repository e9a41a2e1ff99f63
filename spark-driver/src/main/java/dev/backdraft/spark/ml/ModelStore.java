package dev.backdraft.spark.ml;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.internal.HadoopSettings;
import dev.backdraft.spark.internal.LocalSaving;
import dev.backdraft.spark.internal.StageMetadata;
import dev.backdraft.spark.score.SavedModel;
import dev.backdraft.spark.storage.HadoopFileSystems;
import dev.backdraft.spark.storage.HadoopStorage;
import dev.backdraft.spark.storage.LocalStorage;
import dev.backdraft.spark.storage.Storage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.apache.spark.ml.param.Params;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.SparkSession;

/**
 * A model in a directory, as {@code spark.ml} has it: its parameters under {@code metadata}, and {@code data/model.backdraft},
 * a {@link ModelFile}, which {@code core} opens without Spark.
 */
final class ModelStore {
    static final String FILE = SavedModel.FILE;

    /** Parameters that earlier versions had, and saved. */
    private static final List<String> REMOVED = List.of("blockSize");

    private ModelStore() {}

    /**
     * Writes a stage.
     *
     * @param model what it has beside its parameters; null for nothing
     */
    static MLWriter writer(Params stage, Model model) {
        return new MLWriter() {
            @Override
            public void save(String path) throws IOException {
                check(path, sparkSession());
                super.save(path);
            }

            @Override
            public void saveImpl(String path) {
                StageMetadata.save(stage, path, sparkSession());
                if (model == null) {
                    return;
                }
                try {
                    storage(sparkSession()).replace(Storage.inside(path, FILE), out -> ModelFile.write(model, out));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }

    /** Writes an estimator, which is parameters alone. */
    static MLWriter estimatorWriter(Params stage) {
        return writer(stage, null);
    }

    /** Reads a model of this class, which a function makes of its uid and what the file holds. */
    static <M extends Params> MLReader<M> reader(Class<M> type, BiFunction<String, Model, M> maker) {
        return new MLReader<>() {
            @Override
            public M load(String path) {
                checkRead(path, sparkSession());
                return StageMetadata.load(
                        path, sparkSession(), type, uid -> maker.apply(uid, readModel(path, sparkSession())), REMOVED);
            }
        };
    }

    /** Reads an estimator of this class, which a function makes of its uid. */
    static <E extends Params> MLReader<E> estimatorReader(Class<E> type, Function<String, E> maker) {
        return new MLReader<>() {
            @Override
            public E load(String path) {
                checkRead(path, sparkSession());
                return StageMetadata.load(path, sparkSession(), type, maker, REMOVED);
            }
        };
    }

    private static Model readModel(String directory, SparkSession spark) {
        String file = Storage.inside(directory, FILE);
        try (InputStream in = storage(spark).open(file)) {
            return ModelFile.read(in, file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Storage storage(SparkSession spark) {
        return LocalSaving.isOn() ? new LocalStorage() : new HadoopStorage(HadoopSettings.of(spark));
    }

    /**
     * Opens the file system of a directory, before Spark does, whose message would not say what to do.
     *
     * @throws dev.backdraft.data.DataException when there is none
     */
    private static void check(String directory, SparkSession spark) throws IOException {
        if (!LocalSaving.isOn()) {
            HadoopFileSystems.of(HadoopFileSystems.path(directory), HadoopSettings.of(spark));
        }
    }

    private static void checkRead(String directory, SparkSession spark) {
        try {
            check(directory, spark);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
