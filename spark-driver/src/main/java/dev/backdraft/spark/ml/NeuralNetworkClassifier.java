package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import org.apache.spark.ml.classification.ProbabilisticClassifier;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Trains a neural network that tells classes apart. Numbers of features and classes come from the data; labels are class
 * indices 0, 1, …, which {@code StringIndexer} makes of text. Two classes have one sigmoid output, more a softmax.
 *
 * <pre>{@code
 * NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
 *         .setHiddenLayers(64, 32)
 *         .setMaxIter(50)
 *         .fit(training);
 * Dataset<Row> scored = model.transform(test);
 * }</pre>
 *
 * <p>The same rows, parameters and seed give the same model, bit for bit, however the rows are partitioned. {@code
 * explainParams()} lists the parameters. Not thread-safe, as any stage whose parameters change.
 */
public final class NeuralNetworkClassifier
        extends ProbabilisticClassifier<Vector, NeuralNetworkClassifier, NeuralNetworkClassificationModel>
        implements NeuralNetworkSetters<NeuralNetworkClassifier>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;

    /** An estimator with all parameters as usual. */
    public NeuralNetworkClassifier() {
        this(Identifiable.randomUID("neuralNetworkClassifier"));
    }

    /** Likewise, with a uid. */
    public NeuralNetworkClassifier(String uid) {
        this(ConstructionUid.stash(uid), null);
    }

    @SuppressWarnings("unused") // the second argument tells the constructors apart
    private NeuralNetworkClassifier(String uid, Void afterStash) {
        this.uid = uid;
        own = new ParamSet(this);
    }

    @Override
    public String uid() {
        return ConstructionUid.of(uid);
    }

    @Override
    public ParamSet own() {
        return own;
    }

    /**
     * Trains a model, as {@link #train}, and hands it the parameters. Spark's own would first make another data set of numbers, of
     * which nobody can tell any more that the user keeps it in memory.
     */
    @Override
    public NeuralNetworkClassificationModel fit(Dataset<?> data) {
        transformSchema(data.schema(), true);
        return copyValues(train(data).setParent(this), ParamMap.empty());
    }

    /**
     * Trains a model.
     *
     * @throws DataException when the data does not fit; nothing has been trained then
     */
    @Override
    public NeuralNetworkClassificationModel train(Dataset<?> data) {
        try (Training training = new Training(this, data)) {
            Training.Outcome outcome = training.classifier(thresholdsOrNull());
            return new NeuralNetworkClassificationModel(
                    uid(), new ModelHandle(outcome.model()), Option.apply(outcome.summary()));
        }
    }

    private double[] thresholdsOrNull() {
        return isSet(thresholds()) ? getThresholds() : null;
    }

    /**
     * The schema of what the model will make of rows of this schema; no job is run.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each other
     */
    @Override
    public StructType transformSchema(StructType schema) {
        FitChecks.check(schema, this);
        FitChecks.checkNumericLabel(schema, this, "StringIndexer makes class indices of text");
        ClassLabels labels = ClassLabels.ofMetadata(Columns.field(schema, getLabelCol()));
        int classes = labels != null ? labels.count() : NetworkShape.classesOfLayers(this);
        if (classes > 0) {
            FitChecks.checkClasses(this, thresholdsOrNull(), classes);
        }
        StructType result = Columns.append(schema, getRawPredictionCol(), SQLDataTypes.VectorType(), Metadata.empty());
        result = Columns.append(result, getProbabilityCol(), SQLDataTypes.VectorType(), Metadata.empty());
        return Columns.append(result, getPredictionCol(), DataTypes.DoubleType, Metadata.empty());
    }

    /**
     * Bytes that a model will take: a Spark Connect server refuses what is too large before it is trained.
     *
     * @throws UnsupportedOperationException when neither {@code layers} nor {@code network} says it; the server then looks afterwards
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public long estimateModelSize(Dataset<?> data) {
        return NetworkShape.bytes(this);
    }

    @Override
    public NeuralNetworkClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return ModelStore.estimatorWriter(this);
    }

    /** Reads estimators that were saved. */
    public static MLReader<NeuralNetworkClassifier> read() {
        return ModelStore.estimatorReader(NeuralNetworkClassifier.class, NeuralNetworkClassifier::new);
    }

    /** Reads an estimator that was saved. */
    public static NeuralNetworkClassifier load(String path) {
        return read().load(path);
    }
}
