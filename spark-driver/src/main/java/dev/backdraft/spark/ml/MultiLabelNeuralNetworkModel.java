package dev.backdraft.spark.ml;

import dev.backdraft.model.Model;
import dev.backdraft.spark.internal.HasFitSummary;
import java.nio.file.Path;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A neural network that answers several questions of yes or no, trained by {@link MultiLabelNeuralNetworkClassifier}.
 *
 * <p>{@code probability} is a vector with the probability of each label; {@code prediction} a vector with 1 for each
 * label whose probability is above the {@linkplain #decisionThreshold threshold}, else 0. An empty column name omits
 * the column. Parameters can be set, so use a model in one thread at a time; {@link #model} is immutable and can be
 * shared.
 */
public final class MultiLabelNeuralNetworkModel extends PredictionModel<Vector, MultiLabelNeuralNetworkModel>
        implements MultiLabelParams, MLWritable, HasFitSummary<NeuralNetworkTrainingSummary> {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final StringArrayParam labelCols;
    private final Param<String> probabilityCol;
    private final ModelHandle handle; // null in an instance that a ServiceLoader made
    private transient Option<NeuralNetworkTrainingSummary> summary;

    /**
     * Makes a model without a network, for {@link java.util.ServiceLoader} only: Spark Connect uses it to find the
     * class.
     */
    public MultiLabelNeuralNetworkModel() {
        this(Identifiable.randomUID("multiLabelNeuralNetworkClassifier"), null, Option.empty());
    }

    MultiLabelNeuralNetworkModel(String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary) {
        this(ConstructionUid.stash(uid), handle, summary, null);
    }

    @SuppressWarnings("unused") // the last argument tells the constructors apart
    private MultiLabelNeuralNetworkModel(
            String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary, Void afterStash) {
        this.uid = uid;
        this.handle = handle;
        this.summary = summary;
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

    /** The model of {@code core}, for use without Spark. */
    public Model model() {
        if (handle == null) {
            throw new IllegalStateException("there is no network in " + uid + ": fit or load a model");
        }
        return handle.model();
    }

    /** The names of the labels, which are those of {@code labelCols}; empty for labels in one column. */
    public String[] labels() {
        return MultiLabelColumns.labels(model()).toArray(String[]::new);
    }

    /** Number of labels. */
    public int numLabels() {
        return model().network().outputSize();
    }

    /**
     * The probability above which a label is predicted: the one that the training has found or was given as {@code
     * threshold}, else 0.5. It is the same for all labels.
     */
    public double decisionThreshold() {
        return model().threshold();
    }

    @Override
    public int numFeatures() {
        return model().network().inputSize();
    }

    public MultiLabelNeuralNetworkModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public MultiLabelNeuralNetworkModel setProbabilityCol(String value) {
        set(probabilityCol(), value);
        return this;
    }

    public MultiLabelNeuralNetworkModel setEmbeddingCol(String value) {
        set(embeddingCol(), value);
        return this;
    }

    public MultiLabelNeuralNetworkModel setEmbeddingLayer(int value) {
        set(embeddingLayer(), value);
        return this;
    }

    public MultiLabelNeuralNetworkModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Scoring.features(schema, this, model());
        StructType result = MultiLabelColumns.append(schema, getProbabilityCol(), model());
        result = MultiLabelColumns.append(result, getPredictionCol(), model());
        result = ContributionScores.append(result, this, model());
        return EmbeddingScores.append(result, this, model());
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        RowScores answers = new MultiLabelScores(
                numLabels(), !getProbabilityCol().isEmpty(), !getPredictionCol().isEmpty());
        RowScores explained = ContributionScores.after(answers, this, model(), null);
        RowScores scores = EmbeddingScores.after(explained, this, model());
        return Scoring.transform(dataset, this, handle, scores, schema);
    }

    /** Not for several labels: {@link #predictVector} predicts a row. */
    @Override
    public double predict(Vector features) {
        throw new IllegalStateException(uid + " predicts " + numLabels() + " labels: use predictVector");
    }

    /** Predicts the labels of a row: 1 for each whose probability is above the threshold, else 0. */
    public Vector predictVector(Vector features) {
        return handle.predict(features, row -> MultiLabelScores.answers(row.predictValues(), 0));
    }

    /** Predicts the probability of each label for a row. */
    public Vector predictProbability(Vector features) {
        return handle.predict(features, row -> MultiLabelScores.probabilities(row.predictValues(), 0));
    }

    @Override
    public MultiLabelNeuralNetworkModel copy(ParamMap extra) {
        MultiLabelNeuralNetworkModel copy = new MultiLabelNeuralNetworkModel(uid, handle, summary);
        return copyValues(copy, extra).setParent(parent());
    }

    @Override
    public Option<NeuralNetworkTrainingSummary> trainingSummary() {
        return summary == null ? Option.empty() : summary;
    }

    @Override
    @SuppressWarnings("checkstyle:MethodName")
    public void trainingSummary_$eq(Option<NeuralNetworkTrainingSummary> newSummary) {
        summary = newSummary;
    }

    /**
     * Writes the summary to a file on the driver's disk. A Spark Connect server calls it for each model that it fits.
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public void saveSummary(String path) {
        SummaryFile.write(summary(), Path.of(path));
    }

    /**
     * Reads the summary that {@link #saveSummary} wrote.
     *
     * @param data that the model was trained on; not needed, as all figures are in the file
     * @throws IllegalStateException when there is none: a saved model does not include it
     */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public void loadSummary(String path, Dataset<Row> data) {
        summary = Option.apply(SummaryFile.read(Path.of(path), getClass()));
    }

    /** Returns the size of the model in memory, in bytes. */
    @SuppressWarnings("MissingOverride") // Spark 4.0 does not have it
    public long estimatedSize() {
        return Float.BYTES * (long) model().network().length();
    }

    @Override
    public MLWriter write() {
        return ModelStore.writer(this, model());
    }

    /** Returns a reader of saved models. */
    public static MLReader<MultiLabelNeuralNetworkModel> read() {
        return ModelStore.reader(
                MultiLabelNeuralNetworkModel.class,
                (uid, model) -> new MultiLabelNeuralNetworkModel(uid, new ModelHandle(model), Option.empty()));
    }

    /** Reads a saved model. */
    public static MultiLabelNeuralNetworkModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "MultiLabelNeuralNetworkModel: uid=" + uid
                + (handle == null ? "" : ", numLabels=" + numLabels() + ", numFeatures=" + numFeatures());
    }
}
