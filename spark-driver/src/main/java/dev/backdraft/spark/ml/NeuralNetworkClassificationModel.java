package dev.backdraft.spark.ml;

import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.BinaryLoss;
import dev.backdraft.model.Model;
import dev.backdraft.spark.internal.HasFitSummary;
import java.nio.file.Path;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.classification.ProbabilisticClassificationModel;
import org.apache.spark.ml.linalg.DenseVector;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.ParamMap;
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
import scala.Tuple3;

/**
 * A neural network that classifies rows, trained by {@link NeuralNetworkClassifier}.
 *
 * <p>{@code rawPrediction} are the logits, for two classes −z and z; {@code probability} the softmax of them, or the sigmoid of
 * z; {@code prediction} the most probable class, class 1 above the {@linkplain #decisionThreshold threshold} of the
 * model, if it has one, or the class that {@code thresholds} select, if they are set. An empty column name omits the
 * column. Parameters can be set, so use a model in one thread at a time; {@link #model} is immutable and can be shared.
 */
public final class NeuralNetworkClassificationModel
        extends ProbabilisticClassificationModel<Vector, NeuralNetworkClassificationModel>
        implements NeuralNetworkParams, MLWritable, HasFitSummary<NeuralNetworkTrainingSummary> {
    private static final long serialVersionUID = 1;

    private final String uid;
    private final ParamSet own;
    private final ModelHandle handle; // null in an instance that a ServiceLoader made
    private transient Option<NeuralNetworkTrainingSummary> summary;

    /** Makes a model without a network, for {@link java.util.ServiceLoader} only: Spark Connect uses it to find the class. */
    public NeuralNetworkClassificationModel() {
        this(Identifiable.randomUID("neuralNetworkClassifier"), null, Option.empty());
    }

    NeuralNetworkClassificationModel(String uid, ModelHandle handle, Option<NeuralNetworkTrainingSummary> summary) {
        this(ConstructionUid.stash(uid), handle, summary, null);
    }

    @SuppressWarnings("unused") // the last argument tells the constructors apart
    private NeuralNetworkClassificationModel(
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

    /** The names of classes 0, 1, …, from the metadata of the label column; empty without metadata. */
    public String[] labels() {
        return model().preprocessing().classNames().toArray(String[]::new);
    }

    /**
     * The probability above which class 1 of two is predicted when {@code thresholds} are not set: the one that the
     * training has found or was given as {@code threshold}, else 0.5.
     */
    public double decisionThreshold() {
        return model().threshold();
    }

    @Override
    public int numClasses() {
        return model().classCount();
    }

    @Override
    public int numFeatures() {
        return model().network().inputSize();
    }

    public NeuralNetworkClassificationModel setFeaturesCols(String... value) {
        set(featuresCols(), value);
        return this;
    }

    public NeuralNetworkClassificationModel setContributionsCol(String value) {
        set(contributionsCol(), value);
        return this;
    }

    public NeuralNetworkClassificationModel setEmbeddingCol(String value) {
        set(embeddingCol(), value);
        return this;
    }

    public NeuralNetworkClassificationModel setEmbeddingLayer(int value) {
        set(embeddingLayer(), value);
        return this;
    }

    public NeuralNetworkClassificationModel setHandleInvalid(String value) {
        set(handleInvalid(), value);
        return this;
    }

    @Override
    public StructType transformSchema(StructType schema) {
        Scoring.features(schema, this, model());
        FitChecks.checkClasses(this, thresholdsOrNull(), numClasses());
        StructType result = appendVector(schema, getRawPredictionCol());
        result = appendVector(result, getProbabilityCol());
        result = Columns.append(result, getPredictionCol(), DataTypes.DoubleType, predictionMetadata());
        result = ContributionScores.append(result, this, model());
        return EmbeddingScores.append(result, this, model());
    }

    private Metadata predictionMetadata() {
        if (getPredictionCol().isEmpty()) {
            return Metadata.empty();
        }
        NominalAttribute classes = NominalAttribute.defaultAttr().withName(getPredictionCol());
        return labels().length > 0
                ? classes.withValues(labels()).toMetadata()
                : classes.withNumValues(numClasses()).toMetadata();
    }

    private StructType appendVector(StructType schema, String name) {
        return name.isEmpty()
                ? schema
                : Columns.append(
                        schema, name, SQLDataTypes.VectorType(), new AttributeGroup(name, numClasses()).toMetadata());
    }

    private double[] thresholdsOrNull() {
        return isDefined(thresholds()) ? getThresholds() : null;
    }

    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = transformSchema(dataset.schema());
        ClassScores classes = new ClassScores(
                numClasses(),
                !getRawPredictionCol().isEmpty(),
                !getProbabilityCol().isEmpty(),
                !getPredictionCol().isEmpty(),
                thresholdsOrNull());
        RowScores explained = ContributionScores.after(classes, this, model(), thresholdsOrNull());
        RowScores scores = EmbeddingScores.after(explained, this, model());
        return Scoring.transform(dataset, this, handle, scores, schema);
    }

    @Override
    public double predict(Vector features) {
        return handle.predict(features, row -> ClassScores.prediction(row.predictValues(), 0, thresholdsOrNull()));
    }

    /** The class for probabilities that this model has predicted. */
    @Override
    public double probability2prediction(Vector probability) {
        return isDefined(thresholds()) || !model().hasThreshold()
                ? super.probability2prediction(probability)
                : (float) probability.apply(1) > model().threshold() ? 1 : 0;
    }

    /** The class for raw predictions of this model. */
    @Override
    public double raw2prediction(Vector rawPrediction) {
        return isDefined(thresholds()) || !model().hasThreshold()
                ? super.raw2prediction(rawPrediction)
                : probability2prediction(raw2probability(rawPrediction));
    }

    @Override
    public Vector predictRaw(Vector features) {
        return handle.predict(features, row -> ClassScores.raw(row.logits(), 0));
    }

    @Override
    public Vector predictProbability(Vector features) {
        return handle.predict(features, row -> ClassScores.probability(row.predictValues(), 0));
    }

    @Override
    public Vector raw2probabilityInPlace(Vector rawPrediction) {
        DenseVector raw = uncalibrated((DenseVector) rawPrediction);
        if (model().calibration() != null) {
            float given = (float) raw.apply(1);
            float probability = (float) model().calibration().at(given);
            raw.values()[0] = model().network().outputSize() == 1 ? 1.0 - probability : calibratedNo(given);
            raw.values()[1] = probability;
        }
        return raw;
    }

    /** The probability of class 0 as the output of a network with two. */
    private double calibratedNo(float given) {
        return (float) (1 - model().calibration().at(given));
    }

    /** The probabilities of the network itself, in the place of its raw prediction. */
    private DenseVector uncalibrated(DenseVector raw) {
        int outputs = model().network().outputSize();
        if (outputs == 1 && model().loss() instanceof BinaryLoss loss) {
            double z = raw.apply(1);
            raw.values()[0] = loss.probabilityOfNo(z);
            raw.values()[1] = loss.probabilityOfYes(z);
            return raw;
        }
        Matrix logits = Matrix.zeros(outputs, 1);
        for (int k = 0; k < outputs; k++) {
            logits.set(k, 0, (float) raw.apply(raw.size() - outputs + k));
        }
        model().loss().predict(logits, logits);
        for (int k = 0; k < outputs; k++) {
            raw.values()[raw.size() - outputs + k] = logits.get(k, 0);
        }
        if (outputs == 1) {
            raw.values()[0] = 1 - raw.values()[1];
        }
        return raw;
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

    @Override
    public NeuralNetworkClassificationModel copy(ParamMap extra) {
        NeuralNetworkClassificationModel copy = new NeuralNetworkClassificationModel(uid, handle, summary);
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

    /** The model and its columns, in the form that Spark's own summaries need. */
    @Override
    @SuppressWarnings({"rawtypes", "unchecked"}) // two base classes declare it with different type arguments
    public Tuple3 findSummaryModel() {
        return new Tuple3(this, getProbabilityCol(), getPredictionCol());
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
    public static MLReader<NeuralNetworkClassificationModel> read() {
        return ModelStore.reader(
                NeuralNetworkClassificationModel.class,
                (uid, model) -> new NeuralNetworkClassificationModel(uid, new ModelHandle(model), Option.empty()));
    }

    /** Reads a saved model. */
    public static NeuralNetworkClassificationModel load(String path) {
        return read().load(path);
    }

    @Override
    public String toString() {
        return "NeuralNetworkClassificationModel: uid=" + uid
                + (handle == null ? "" : ", numClasses=" + numClasses() + ", numFeatures=" + numFeatures());
    }
}
