package dev.backdraft.spark.ml;

import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.model.Model;
import dev.backdraft.spark.internal.HasFitSummary;
import java.nio.file.Path;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.regression.RegressionModel;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A neural network that predicts a number, trained by {@link NeuralNetworkRegressor}.
 *
 * <p>Predictions are in the label's own units: numbers, or vectors for several outputs. Parameters can be set, so use a model
 * in one thread at a time; {@link #model} is immutable and can be shared.
 */
public final class NeuralNetworkRegressionModel extends RegressionModel<Vector, NeuralNetworkRegressionModel>
        implements NeuralNetworkParams, MLWritable, HasFitSummary<NeuralNetworkTrainingSummary> {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final ModelHandle handle; // null in an instance that a ServiceLoader made
    private transient Option<NeuralNetworkTrainingSummary> summary;

    /** Makes a model without a network, for {@link java.util.ServiceLoader} only: Spark Connect uses it to find the class. */
    public NeuralNetworkRegressionModel() {
        this(Identifiable.randomUID("neuralNetworkRegressor"), null, Option.empty());
    }

    NeuralNetworkRegressionModel(String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary) {
        this(ConstructionUid.stash(uid), handle, summary, null);
    }

    @SuppressWarnings("unused") // the last argument tells the constructors apart
    private NeuralNetworkRegressionModel(
            String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary, Void afterStash) {
        this.uid = uid;
        this.handle = handle;
        this.summary = summary;
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

    /** The model of {@code core}, for use without Spark. */
    public Model model() {
        if (handle == null) {
            throw new IllegalStateException("there is no network in " + uid + ": fit or load a model");
        }
        return handle.model();
    }

    @Override
    public int numFeatures() {
        return model().network().inputSize();
    }

    public NeuralNetworkRegressionModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public NeuralNetworkRegressionModel setContributionsCol(String value) {
        set(contributionsCol(), value);
        return this;
    }

    public NeuralNetworkRegressionModel setEmbeddingCol(String value) {
        set(embeddingCol(), value);
        return this;
    }

    public NeuralNetworkRegressionModel setEmbeddingLayer(int value) {
        set(embeddingLayer(), value);
        return this;
    }

    public NeuralNetworkRegressionModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Scoring.features(schema, this, model());
        StructType result = Columns.append(
                schema,
                getPredictionCol(),
                numOutputs() == 1 ? DataTypes.DoubleType : SQLDataTypes.VectorType(),
                Metadata.empty());
        result = ContributionScores.append(result, this, model());
        return EmbeddingScores.append(result, this, model());
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        ValueScores values = new ValueScores(numOutputs(), !getPredictionCol().isEmpty());
        RowScores explained = ContributionScores.after(values, this, model(), null);
        RowScores scores = EmbeddingScores.after(explained, this, model());
        return Scoring.transform(dataset, this, handle, scores, schema);
    }

    @Override
    public double predict(Vector features) {
        if (numOutputs() > 1) {
            throw new IllegalStateException(uid + " predicts " + numOutputs() + " numbers: use predictVector");
        }
        return handle.predict(features, row -> row.predictValues().value(0, 0));
    }

    /**
     * Measures for each feature how much worse the model does on labeled rows when the values of the feature are shuffled.
     *
     * @param data with the columns that the model's parameters name, including the label
     * @param mostRows largest number of rows to use, a random sample that depends on the rows only; they must fit into each JVM
     */
    public Importances permutationImportance(Dataset<?> data, PermutationImportance settings, int mostRows) {
        return new FrameImportance(data, this, model()).of(settings, mostRows);
    }

    /**
     * Measures for each feature how strongly it changes the loss or an output, by gradients on labeled rows. Parameters are
     * those of {@link #permutationImportance}.
     */
    public Importances gradientTimesInput(Dataset<?> data, GradientTimesInput settings, int mostRows) {
        return new FrameImportance(data, this, model()).of(settings, mostRows);
    }

    /** Predicts all outputs of a row. */
    public Vector predictVector(Vector features) {
        return handle.predict(features, row -> ValueScores.vector(row.predictValues(), 0));
    }

    /** Number of values that are predicted for a row. */
    public int numOutputs() {
        return model().network().outputSize();
    }

    @Override
    public NeuralNetworkRegressionModel copy(ParamMap extra) {
        NeuralNetworkRegressionModel copy = new NeuralNetworkRegressionModel(uid, handle, summary);
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

    /** Writes the summary to a file on the driver's disk. A Spark Connect server calls it for each model that it fits. */
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
    public static MLReader<NeuralNetworkRegressionModel> read() {
        return ModelStore.reader(
                NeuralNetworkRegressionModel.class,
                (uid, model) -> new NeuralNetworkRegressionModel(uid, new ModelHandle(model), Option.empty()));
    }

    /** Reads a saved model. */
    public static NeuralNetworkRegressionModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "NeuralNetworkRegressionModel: uid=" + uid + (handle == null ? "" : ", numFeatures=" + numFeatures());
    }
}
