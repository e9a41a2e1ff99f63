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
 * Trains a neural network that classifies rows. The numbers of features and classes follow from the data; labels are class
 * indices 0, 1, …, which {@code StringIndexer} makes of text. A network for two classes has one sigmoid output; for more
 * classes it has a softmax.
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
 * explainParams()} lists the parameters. Not thread-safe, like every stage whose parameters can be set.
 */
public final class NeuralNetworkClassifier
        extends ProbabilisticClassifier<Vector, NeuralNetworkClassifier, NeuralNetworkClassificationModel>
        implements NeuralNetworkSetters<NeuralNetworkClassifier>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;

    /** An estimator with the default of every parameter. */
    public NeuralNetworkClassifier() {
        this(Identifiable.randomUID("neuralNetworkClassifier"));
    }

    /** An estimator with this uid and the default of every parameter. */
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
     * Trains a model like {@link #train}, and copies the parameters to it. Spark's own {@code fit} would first make another
     * data set, which does not show that the user has cached this one.
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
     * Returns the schema that the model's {@code transform} will return for rows of this schema. Runs no job.
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
        result = Columns.append(result, getPredictionCol(), DataTypes.DoubleType, Metadata.empty());
        return EmbeddingScores.append(ContributionScores.append(result, this), this);
    }

    /**
     * Returns the size of the model in bytes. A Spark Connect server uses it to refuse a model that is too large before it is
     * trained.
     *
     * @throws UnsupportedOperationException when neither {@code layers} nor {@code network} determines it; the server then
     *     checks after the fit
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

    /** Returns a reader of saved estimators. */
    public static MLReader<NeuralNetworkClassifier> read() {
        return ModelStore.estimatorReader(NeuralNetworkClassifier.class, NeuralNetworkClassifier::new);
    }

    /** Reads a saved estimator. */
    public static NeuralNetworkClassifier load(String path) {
        return read().load(path);
    }
}
