package dev.backdraft.spark.ml;

import dev.backdraft.model.Model;
import dev.backdraft.spark.internal.HasFitSummary;
import java.nio.file.Path;
import org.apache.spark.ml.PredictionModel;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.ml.util.MLWritable;
import org.apache.spark.ml.util.MLWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;
import scala.Option;

/**
 * A neural network that reproduces its features, trained by {@link Autoencoder}.
 *
 * <p>{@code prediction} is the reconstruction: a vector in the units of the features, or, for the columns of a table,
 * of the encoded columns. {@code reconstructionError} is the mean of (x̂ᵢ − xᵢ)² over the inputs i of the network,
 * which are standardized or encoded ({@link dev.backdraft.model.Predictor#reconstructionError}). {@code embedding} is
 * the code. An empty column name omits the column. Parameters can be set, so use a model in one thread at a time;
 * {@link #model} is immutable and can be shared.
 */
public final class AutoencoderModel extends PredictionModel<Vector, AutoencoderModel>
        implements AutoencoderParams, MLWritable, HasFitSummary<NeuralNetworkTrainingSummary> {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final IntParam codeSize;
    private final Param<String> reconstructionErrorCol;
    private final ModelHandle handle; // null in an instance that a ServiceLoader made
    private transient Option<NeuralNetworkTrainingSummary> summary;

    /**
     * Makes a model without a network, for {@link java.util.ServiceLoader} only: Spark Connect uses it to find the
     * class.
     */
    public AutoencoderModel() {
        this(Identifiable.randomUID("autoencoder"), null, Option.empty());
    }

    AutoencoderModel(String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary) {
        this(ConstructionUid.stash(uid), handle, summary, null);
    }

    @SuppressWarnings("unused") // the last argument tells the constructors apart
    private AutoencoderModel(
            String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary, Void afterStash) {
        this.uid = uid;
        this.handle = handle;
        this.summary = summary;
        own = new ParamSet(this);
        ParamFactory make = new ParamFactory(this);
        codeSize = AutoencoderColumns.codeSize(make);
        reconstructionErrorCol = AutoencoderColumns.reconstructionErrorCol(make);
        AutoencoderColumns.setDefaults(make, this);
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
    public IntParam codeSize() {
        return codeSize;
    }

    @Override
    public Param<String> reconstructionErrorCol() {
        return reconstructionErrorCol;
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

    public AutoencoderModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public AutoencoderModel setReconstructionErrorCol(String value) {
        set(reconstructionErrorCol(), value);
        return this;
    }

    public AutoencoderModel setEmbeddingCol(String value) {
        set(embeddingCol(), value);
        return this;
    }

    public AutoencoderModel setEmbeddingLayer(int value) {
        set(embeddingLayer(), value);
        return this;
    }

    public AutoencoderModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Scoring.features(schema, this, model());
        return AutoencoderColumns.append(schema, this, model());
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        ValueScores reconstruction = new ValueScores(
                model().network().outputSize(), !getPredictionCol().isEmpty());
        RowScores answers = new ReconstructionScores(
                reconstruction, !getReconstructionErrorCol().isEmpty());
        RowScores explained = ContributionScores.after(answers, this, model(), null);
        RowScores scores = EmbeddingScores.after(explained, this, model());
        return Scoring.transform(dataset, this, handle, scores, schema);
    }

    /** Not for a vector: {@link #predictVector} reproduces a row. */
    @Override
    public double predict(Vector features) {
        throw new IllegalStateException(uid + " reproduces " + numFeatures() + " features: use predictVector");
    }

    /** The reconstruction of a row, in the units of its features. */
    public Vector predictVector(Vector features) {
        return handle.predict(features, row -> ValueScores.vector(row.predictValues(), 0));
    }

    /** The mean squared error of the reconstruction of a row, over its scaled features. */
    public double predictReconstructionError(Vector features) {
        return handle.predict(features, row -> row.reconstructionError(0));
    }

    @Override
    public AutoencoderModel copy(ParamMap extra) {
        AutoencoderModel copy = new AutoencoderModel(uid, handle, summary);
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
    public static MLReader<AutoencoderModel> read() {
        return ModelStore.reader(
                AutoencoderModel.class,
                (uid, model) -> new AutoencoderModel(uid, new ModelHandle(model), Option.empty()));
    }

    /** Reads a saved model. */
    public static AutoencoderModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "AutoencoderModel: uid=" + uid + (handle == null ? "" : ", numFeatures=" + numFeatures());
    }
}
