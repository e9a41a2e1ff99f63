package dev.backdraft.spark.ml;

import dev.backdraft.data.DataException;
import org.apache.spark.ml.Predictor;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * Trains a neural network that answers several questions of yes or no for each row, such as which of some tags fit. The
 * labels of a row are an array or a vector of 0 and 1 in {@code labelCol}, or the columns {@code labelCols}. The
 * network has a sigmoid output for each label.
 *
 * <pre>{@code
 * MultiLabelNeuralNetworkModel model = new MultiLabelNeuralNetworkClassifier()
 *         .setLabelCols("sports", "politics", "science")
 *         .setHiddenLayers(64, 32)
 *         .fit(training);
 * Dataset<Row> scored = model.transform(test);
 * }</pre>
 *
 * <p>The same rows, parameters and seed give the same model, bit for bit, however the rows are partitioned. {@code
 * explainParams()} lists the parameters. Not thread-safe, like every stage whose parameters can be set.
 */
public final class MultiLabelNeuralNetworkClassifier
        extends Predictor<Vector, MultiLabelNeuralNetworkClassifier, MultiLabelNeuralNetworkModel>
        implements MultiLabelParams, NeuralNetworkSetters<MultiLabelNeuralNetworkClassifier>, DefaultParamsWritable {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final StringArrayParam labelCols;
    private final Param<String> probabilityCol;

    /** An estimator with the default of every parameter. */
    public MultiLabelNeuralNetworkClassifier() {
        this(Identifiable.randomUID("multiLabelNeuralNetworkClassifier"));
    }

    /** An estimator with this uid and the default of every parameter. */
    public MultiLabelNeuralNetworkClassifier(String uid) {
        this(ConstructionUid.stash(uid), null);
    }

    @SuppressWarnings("unused") // the second argument tells the constructors apart
    private MultiLabelNeuralNetworkClassifier(String uid, Void afterStash) {
        this.uid = uid;
        own = new ParamSet(this);
        ParamFactory make = new ParamFactory(this);
        labelCols = MultiLabelColumns.labelCols(make);
        probabilityCol = MultiLabelColumns.probabilityCol(make);
    }

    @Override
    public String uid() {
        return ConstructionUid.of(uid);
    }

    @Override
    public ParamSet own() {
        return own;
    }

    @Override
    public StringArrayParam labelCols() {
        return labelCols;
    }

    @Override
    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    public MultiLabelNeuralNetworkClassifier setLabelCols(String... value) {
        set(labelCols(), value);
        return this;
    }

    public MultiLabelNeuralNetworkClassifier setProbabilityCol(String value) {
        set(probabilityCol(), value);
        return this;
    }

    /**
     * Trains a model like {@link #train}, and copies the parameters to it. Spark's own {@code fit} takes one number as
     * the label.
     */
    @Override
    public MultiLabelNeuralNetworkModel fit(Dataset<?> data) {
        transformSchema(data.schema(), true);
        return copyValues(train(data).setParent(this), ParamMap.empty());
    }

    /**
     * Trains a model.
     *
     * @throws DataException when the data does not fit; nothing has been trained then
     */
    @Override
    public MultiLabelNeuralNetworkModel train(Dataset<?> data) {
        MultiLabelColumns labels = MultiLabelColumns.of(this, data.schema());
        try (Training training = new Training(labels.params(), labels.in(data), data.storageLevel())) {
            labels.check(training.initial());
            Training.Outcome outcome = training.multiLabel();
            return new MultiLabelNeuralNetworkModel(
                    uid(), new ModelHandle(labels.named(outcome.model())), Option.apply(outcome.summary()));
        }
    }

    /**
     * Returns the schema that the model's {@code transform} will return for rows of this schema. Runs no job.
     *
     * @throws IllegalArgumentException when a column is missing or of the wrong type, or parameters contradict each other
     */
    @Override
    public StructType transformSchema(StructType schema) {
        MultiLabelColumns labels = MultiLabelColumns.of(this, schema);
        FitChecks.check(labels.in(schema), labels.params());
        return MultiLabelColumns.append(schema, this);
    }

    /**
     * Returns the size of the model in bytes. A Spark Connect server uses it to refuse a model that is too large before
     * it is trained.
     *
     * @throws UnsupportedOperationException when neither {@code layers} nor {@code network} determines it; the server then
     *     checks after the fit
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public long estimateModelSize(Dataset<?> data) {
        return NetworkShape.bytes(this);
    }

    @Override
    public MultiLabelNeuralNetworkClassifier copy(ParamMap extra) {
        return defaultCopy(extra);
    }

    @Override
    public MLWriter write() {
        return ModelStore.estimatorWriter(this);
    }

    /** Returns a reader of saved estimators. */
    public static MLReader<MultiLabelNeuralNetworkClassifier> read() {
        return ModelStore.estimatorReader(
                MultiLabelNeuralNetworkClassifier.class, MultiLabelNeuralNetworkClassifier::new);
    }

    /** Reads a saved estimator. */
    public static MultiLabelNeuralNetworkClassifier load(String path) {
        return read().load(path);
    }
}
