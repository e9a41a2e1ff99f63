package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.spark.data.DataFrameRows;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;

/**
 * A model that can be sent: as the bytes of its file, from which a JVM makes it once. Holds the broadcast of itself, and for
 * each thread the scratch to predict single rows. Thread-safe.
 */
final class ModelHandle implements Serializable {
    private static final long serialVersionUID = 1;

    private final byte[] file; // null while it need not be sent
    private transient volatile Model model; // null as long as nobody has asked, behind a transfer
    private transient volatile ThreadLocal<Predictor> single;
    private transient Broadcast<ModelHandle> broadcast;
    private transient SparkContext broadcastBy;

    ModelHandle(Model model) {
        this.model = model;
        file = null;
    }

    private ModelHandle(byte[] file) {
        this.file = file;
    }

    /** What is sent instead of this: the bytes alone. */
    private Object writeReplace() {
        return file != null ? this : new ModelHandle(bytes());
    }

    private byte[] bytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ModelFile.write(model, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    /** The model; made of its bytes by the first who asks. */
    Model model() {
        Model made = model;
        if (made != null) {
            return made;
        }
        synchronized (this) {
            if (model == null) {
                try {
                    model = ModelFile.read(new ByteArrayInputStream(file), "the broadcast model");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
            return model;
        }
    }

    /** The broadcast of this model in a Spark application, which is made once. */
    synchronized Broadcast<ModelHandle> broadcast(SparkContext spark) {
        if (broadcast == null || broadcastBy != spark) {
            broadcast =
                    JavaSparkContext.fromSparkContext(spark).broadcast(file != null ? this : new ModelHandle(bytes()));
            broadcastBy = spark;
        }
        return broadcast;
    }

    /**
     * Loads a single row into this thread's predictor.
     *
     * @return the predictor, its scratch overwritten by this thread's next call
     * @throws DataException when the vector is not as long as the model takes, or not finite
     */
    Predictor load(Vector features) {
        ThreadLocal<Predictor> predictors = single;
        if (predictors == null) {
            synchronized (this) {
                if (single == null) {
                    single = ThreadLocal.withInitial(() -> model().predictor(1));
                }
                predictors = single;
            }
        }
        Predictor predictor = predictors.get();
        int width = model().network().inputSize();
        Example row = DataFrameRows.features(features, width, "features", () -> "the row");
        predictor.load(List.of(row));
        return predictor;
    }
}
