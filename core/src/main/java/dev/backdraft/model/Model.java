package dev.backdraft.model;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.json.ValueText;
import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.Network;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * A trained network with everything that is needed to use it: loss, preprocessing, parameters and provenance. Immutable and
 * thread-safe.
 */
public final class Model {
    /** The threshold of a model without one of its own. */
    public static final double USUAL_THRESHOLD = 0.5;

    /** Stands for the last hidden layer: what the layer that makes the outputs takes. */
    public static final int LAST_HIDDEN = -1;

    /**
     * Stands for the hidden layer with the fewest outputs, the last of several: the code of an autoencoder. Layers from
     * the one that makes the outputs on are not hidden.
     */
    public static final int NARROWEST = -2;

    private static final int BATCH = 64; // rows of the scratch of a call
    private static final long MOST_BLOCK_BYTES = 16 << 20; // of the rows of a block, in one layer

    private final Network network;
    private final Loss loss;
    private final Preprocessing preprocessing;
    private final float[] parameters;
    private final SortedMap<String, String> provenance;
    private final double threshold; // NaN for none
    private final CalibrationCurve calibration; // null for none
    private final PredictorPool predictors; // of threads that predict by this, not by a predictor of their own

    /**
     * Creates a model.
     *
     * @param parameters all finite, one for each parameter of the network; copied
     * @param provenance seed, data fingerprint, versions …; copied
     */
    public Model(
            Network network,
            Loss loss,
            Preprocessing preprocessing,
            float[] parameters,
            Map<String, String> provenance) {
        this(parameters.clone(), network, loss, preprocessing, provenance, Double.NaN, null);
    }

    private Model(
            float[] parameters,
            Network network,
            Loss loss,
            Preprocessing preprocessing,
            Map<String, String> provenance,
            double threshold,
            CalibrationCurve calibration) {
        check(network, parameters);
        check(network, loss, preprocessing);
        this.network = network;
        this.loss = loss;
        this.preprocessing = preprocessing;
        this.parameters = parameters;
        this.provenance = Collections.unmodifiableSortedMap(new TreeMap<>(provenance));
        this.threshold = threshold;
        this.calibration = calibration;
        this.provenance.forEach((key, value) -> Objects.requireNonNull(value, key));
        predictors = new PredictorPool(this, blockRows(BATCH));
    }

    /**
     * Creates a model that keeps the array of parameters itself, which the caller must not change any more: a vector
     * less in memory, for large networks.
     */
    public static Model keeping(
            float[] parameters,
            Network network,
            Loss loss,
            Preprocessing preprocessing,
            Map<String, String> provenance) {
        return new Model(parameters, network, loss, preprocessing, provenance, Double.NaN, null);
    }

    /** The same model, with other names and scales. */
    public Model withPreprocessing(Preprocessing newPreprocessing) {
        return new Model(parameters, network, loss, newPreprocessing, provenance, threshold, calibration);
    }

    /**
     * The same model, which predicts class 1, or yes, where its probability is above a threshold.
     *
     * @throws IllegalArgumentException when the threshold is not above 0 and below 1, or the model has not two classes
     */
    public Model withThreshold(double newThreshold) {
        if (!(newThreshold > 0 && newThreshold < 1)) {
            throw new IllegalArgumentException("the threshold must be above 0 and below 1: " + newThreshold);
        }
        if (classCount() != 2) {
            throw new IllegalArgumentException(
                    "a threshold decides between two classes, but the model has " + classCount());
        }
        return new Model(parameters, network, loss, preprocessing, provenance, newThreshold, calibration);
    }

    /**
     * The same model, whose probabilities of class 1 go through a function.
     *
     * @throws IllegalArgumentException when the model does not choose one of two classes
     */
    public Model withCalibration(CalibrationCurve curve) {
        if (!choosesClass() || classCount() != 2) {
            throw new IllegalArgumentException("a calibration curve is for a model that chooses one of two classes");
        }
        return new Model(parameters, network, loss, preprocessing, provenance, threshold, curve);
    }

    /** What the probabilities of class 1 go through; null for nothing. The loss is that of the network without it. */
    public CalibrationCurve calibration() {
        return calibration;
    }

    private static void check(Network network, float[] parameters) {
        if (parameters.length != network.length()) {
            throw new IllegalArgumentException(
                    "the network has " + network.length() + " parameters, not " + parameters.length);
        }
        network.layout().checkNumbers(parameters);
    }

    private static void check(Network network, Loss loss, Preprocessing preprocessing) {
        int inputs = network.inputSize();
        int featureNames = preprocessing.featureNames().size();
        RowEncoder columns = preprocessing.columns();
        if (columns != null) {
            check(columns, preprocessing, inputs);
        } else if (featureNames > 0 && featureNames != inputs) {
            throw new IllegalArgumentException(featureNames + " feature names for " + inputs + " inputs");
        }
        if (preprocessing.features() != null && preprocessing.features().columns() != inputs) {
            throw new IllegalArgumentException(
                    preprocessing.features().columns() + " scaled features for " + inputs + " inputs");
        }
        if (preprocessing.label() != null
                && (!loss.target().isScalable() || preprocessing.label().columns() != network.outputSize())) {
            throw new IllegalArgumentException(preprocessing.label().columns() + " scaled labels for " + loss.name()
                    + " with " + network.outputSize() + " outputs: a regression has as many, others none");
        }
        if (preprocessing.labelScale() != LabelScale.LINEAR && !loss.allowsLabelScale()) {
            throw new IllegalArgumentException(
                    "the label scale " + ValueText.text(preprocessing.labelScale()) + " is not for " + loss.name());
        }
        if (loss instanceof DistributionLoss distribution && distribution.outputs() != network.outputSize()) {
            throw new IllegalArgumentException(loss.name() + " needs " + distribution.outputs()
                    + " outputs, but the network has " + network.outputSize());
        }
        int classNames = preprocessing.classNames().size();
        int classes = loss.target().classCount(network.outputSize());
        if (classNames > 0 && classNames != classes) {
            throw new IllegalArgumentException(classNames + " class names for " + classes + " classes");
        }
    }

    private static void check(RowEncoder columns, Preprocessing preprocessing, int inputs) {
        if (columns.width() != inputs) {
            throw new IllegalArgumentException(
                    "the columns become " + columns.width() + " numbers, but the network has " + inputs + " inputs");
        }
        if (!columns.columns().equals(preprocessing.featureNames()) || preprocessing.features() != null) {
            throw new IllegalArgumentException("the columns are not those of the features, or are scaled twice");
        }
    }

    public Network network() {
        return network;
    }

    public Loss loss() {
        return loss;
    }

    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /** A copy of the flat vector of parameters. */
    public float[] parameters() {
        return parameters.clone();
    }

    /** The vector itself, for this package: never changed. */
    float[] sharedParameters() {
        return parameters;
    }

    /** The provenance of the model: configuration, seed, data fingerprint, versions, metrics. Unmodifiable. */
    public SortedMap<String, String> provenance() {
        return provenance;
    }

    /** Number of classes; 0 for a regression. */
    public int classCount() {
        return loss.target().classCount(network.outputSize());
    }

    /**
     * Whether the model chooses one class for a row. A regression does not, and neither does a model with several sigmoid
     * outputs.
     */
    public boolean choosesClass() {
        return loss.target().choosesClass(network.outputSize());
    }

    /**
     * Whether the model has a threshold of its own, which was set or chosen in its training. One without predicts the
     * most probable class, and yes above a probability of 0.5.
     */
    public boolean hasThreshold() {
        return !Double.isNaN(threshold);
    }

    /**
     * The probability above which the model predicts class 1, or yes: {@value #USUAL_THRESHOLD} if it {@linkplain
     * #hasThreshold has none of its own}. Meaningless for a regression and for three or more classes.
     */
    public double threshold() {
        return hasThreshold() ? threshold : USUAL_THRESHOLD;
    }

    /** Sums of metrics of this model's predictions, which are decided by its {@link #threshold}, and of its loss. */
    public MetricSums newSums(Collection<? extends Metric> metrics) {
        return new MetricSums(metrics, loss, network.outputSize(), threshold);
    }

    /** The name of a class: its label in the training data, or its index when labels were indices. */
    public String className(int index) {
        Objects.checkIndex(index, classCount());
        return preprocessing.classNames().isEmpty()
                ? Integer.toString(index)
                : preprocessing.classNames().get(index);
    }

    /**
     * The label of a class as a number: the number that is its name, such as −1 or 3, or its index when classes have no names or
     * not all names are numbers.
     */
    public double classLabel(int index) {
        Objects.checkIndex(index, classCount());
        List<String> names = preprocessing.classNames();
        return !names.isEmpty() && names.stream().allMatch(Model::isNumber)
                ? Double.parseDouble(names.get(index))
                : index;
    }

    /** Whether a label that is a number would have this name. */
    private static boolean isNumber(String name) {
        try {
            double number = Double.parseDouble(name);
            return Double.isFinite(number) && Preprocessing.numberText(number).equals(name);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** SHA-256 in hexadecimal of the parameters as little-endian float32 in flat order. Equal hashes mean equal bits. */
    public String weightsSha256() {
        int chunk = 4096;
        ByteBuffer bytes = ByteBuffer.allocate(chunk * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        MessageDigest digest = Checksums.sha256();
        for (int from = 0; from < parameters.length; from += chunk) {
            int count = Math.min(chunk, parameters.length - from);
            bytes.asFloatBuffer().put(parameters, from, count);
            digest.update(bytes.array(), 0, count * Float.BYTES);
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    /**
     * Number of rows to predict at once: the wanted number, or fewer (at least one) if the widest layer would take more than 16
     * MB.
     *
     * @param wanted at least 1
     */
    public int blockRows(int wanted) {
        long widest = network.inputSize();
        for (Layer layer : network.layers()) {
            widest = Math.max(widest, Math.max(layer.inputSize(), layer.outputSize()));
        }
        return (int) Math.min(wanted, Math.max(1, MOST_BLOCK_BYTES / (Float.BYTES * widest)));
    }

    /** Creates a predictor for batches of up to {@code maxRows} rows. Use one per thread. */
    public Predictor predictor(int maxRows) {
        return new Predictor(this, maxRows);
    }

    /**
     * Predicts one row: the probabilities of the classes (of class 1, with one sigmoid output), or the value in the label's own
     * units. For many rows a {@link #predictor} is faster.
     *
     * @param features as in the training data, not scaled; read
     * @return a new array [outputs]
     * @throws dev.backdraft.data.DataException when their number is wrong, or one is not finite
     */
    public float[] predict(float[] features) {
        float[] prediction = new float[network.outputSize()];
        predict(features, 1, prediction);
        return prediction;
    }

    /**
     * Predicts one row of a table, for a model that takes raw rows.
     *
     * @param cells one for each of the columns that the model names; read
     * @return a new array [outputs]
     * @throws DataException when the model takes numbers, or a cell does not fit its column
     */
    public double[] predict(Cells cells) {
        Predictor predictor = predictors.take();
        try {
            predictor.load(List.of(Example.raw(cells, Double.NaN)));
            predictor.predictValues();
            double[] prediction = new double[network.outputSize()];
            Arrays.setAll(prediction, output -> predictor.value(output, 0));
            return prediction;
        } finally {
            predictors.give(predictor);
        }
    }

    /**
     * Predicts one row of doubles. A column that the model {@linkplain dev.backdraft.data.Standardizer centers in double} is
     * not rounded before its mean is subtracted, nor is a prediction; other values are rounded to float. In floats, such
     * columns have already lost their differences.
     */
    public double[] predict(double[] features) {
        double[] prediction = new double[network.outputSize()];
        predict(features, 1, prediction);
        return prediction;
    }

    /**
     * Predicts rows into an array of the caller. The model keeps scratch memory for the threads that have called, so calls after the
     * first ones allocate no array.
     *
     * @param features [rows × inputs], row by row, not scaled; read
     * @param predictions [rows × outputs], row by row; overwritten
     * @throws dev.backdraft.data.DataException when the number of features is wrong, or one is not finite
     */
    public void predict(float[] features, int rows, float[] predictions) {
        Predictor predictor = predictors.take();
        try {
            predictor.predict(features, rows, predictions);
        } finally {
            predictors.give(predictor);
        }
    }

    /** Predicts rows of doubles; see {@link #predict(float[], int, float[])} and {@link #predict(double[])}. */
    public void predict(double[] features, int rows, double[] predictions) {
        Predictor predictor = predictors.take();
        try {
            predictor.predict(features, rows, predictions);
        } finally {
            predictors.give(predictor);
        }
    }

    /**
     * Returns the class of one row: the most probable one, or the first of equally probable ones. With one sigmoid
     * output, or a {@linkplain #threshold threshold} of the model's own, it is 1 when the probability of class 1 is
     * above the threshold.
     *
     * @param features as for {@link #predict}
     * @throws IllegalStateException when the model is a regression or has several sigmoid outputs
     */
    public int predictClass(float[] features) {
        checkChoosesClass();
        return Predictor.predictedClass(this, new Matrix(predict(features), 0, network.outputSize(), 1), 0);
    }

    /** Returns the class of a row of a table; see {@link #predictClass(float[])} and {@link #predict(Cells)}. */
    public int predictClass(Cells cells) {
        checkChoosesClass();
        Predictor predictor = predictors.take();
        try {
            predictor.load(List.of(Example.raw(cells, Double.NaN)));
            return predictor.predictValues().predictedClass(0);
        } finally {
            predictors.give(predictor);
        }
    }

    /** Returns the class of a row of doubles; see {@link #predictClass(float[])} and {@link #predict(double[])}. */
    public int predictClass(double[] features) {
        checkChoosesClass();
        Predictor predictor = predictors.take();
        try {
            predictor.load(features, 1);
            return predictor.predictValues().predictedClass(0);
        } finally {
            predictors.give(predictor);
        }
    }

    /**
     * Whether the network is trained to reproduce its inputs: there is no label, it has an output for each input, and
     * outputs are scaled as features are. Then {@link Predictor#reconstructionError} says how well it does so. A
     * regression on rows in memory, whose labels have no name, is taken for one, too, if it has as many labels as
     * features.
     */
    public boolean reconstructs() {
        return preprocessing.labelName() == null
                && network.inputSize() == network.outputSize()
                && loss.comparesNumbers()
                && preprocessing.labelScale() == LabelScale.LINEAR
                && Objects.equals(preprocessing.features(), preprocessing.label());
    }

    /**
     * Number of values of {@link #embed}.
     *
     * @param layer the number of a layer, from 0, {@link #LAST_HIDDEN} or {@link #NARROWEST}
     * @throws IllegalArgumentException when there is no such layer
     */
    public int embeddingSize(int layer) {
        int layers = network.layers().size();
        if (layer < NARROWEST || layer >= layers) {
            throw new IllegalArgumentException("there is no layer " + layer + ": the layers are 0 to " + (layers - 1)
                    + ", " + LAST_HIDDEN + " stands for the last hidden one, and " + NARROWEST + " for the narrowest");
        }
        if (layer >= 0) {
            return network.layers().get(layer).outputSize();
        }
        int output = network.outputLayer();
        if (network.inputs().get(output).equals(List.of(Network.INPUT))) {
            throw new IllegalArgumentException("the network has no hidden layer: layer " + output
                    + ", which makes the outputs, takes the inputs themselves");
        }
        return layer == LAST_HIDDEN
                ? network.layers().get(output).inputSize()
                : network.layers().get(narrowest()).outputSize();
    }

    /** The number of the layer that {@link #NARROWEST} stands for, in a network with a hidden layer. */
    int narrowest() {
        int narrowest = 0;
        for (int i = 1; i < network.outputLayer(); i++) {
            if (network.layers().get(i).outputSize()
                    <= network.layers().get(narrowest).outputSize()) {
                narrowest = i;
            }
        }
        return narrowest;
    }

    /**
     * Returns the outputs of a hidden layer for one row: a vector that describes the row by what the network has
     * learned.
     *
     * <p>The last hidden layer gives all that the layer that makes the outputs takes. That layer is the last one with
     * parameters. Of an ensemble, these are the values of all members, one member after the other.
     *
     * @param features as for {@link #predict(float[])}
     * @param layer the number of a layer, from 0, {@link #LAST_HIDDEN} or {@link #NARROWEST}
     * @return a new array [{@link #embeddingSize}]
     */
    public float[] embed(float[] features, int layer) {
        return embed(predictor -> predictor.load(features, 1), layer);
    }

    /** Returns the outputs of a hidden layer for a row of doubles; see {@link #embed(float[], int)}. */
    public float[] embed(double[] features, int layer) {
        return embed(predictor -> predictor.load(features, 1), layer);
    }

    /** Returns the outputs of a hidden layer for a row of a table; see {@link #embed(float[], int)}. */
    public float[] embed(Cells cells, int layer) {
        return embed(predictor -> predictor.load(List.of(Example.raw(cells, Double.NaN))), layer);
    }

    private float[] embed(Consumer<Predictor> load, int layer) {
        float[] values = new float[embeddingSize(layer)];
        Predictor predictor = predictors.take();
        try {
            load.accept(predictor);
            Matrix embedding = predictor.embedding(layer);
            for (int i = 0; i < values.length; i++) {
                values[i] = embedding.get(i, 0);
            }
            return values;
        } finally {
            predictors.give(predictor);
        }
    }

    private void checkChoosesClass() {
        if (!choosesClass()) {
            throw new IllegalStateException(
                    "no classes to choose from with " + loss.name() + " and " + network.outputSize() + " outputs");
        }
    }

    /**
     * The row as numbers: itself, checked, or what its cells are encoded as.
     *
     * @param where names the row for an error message
     * @throws DataException when the cells are not those of the columns, or the row is wider than the network's input,
     *     or a dense one narrower
     */
    public Example encoded(Example row, Supplier<String> where) {
        if (row.cells() != null) {
            return preprocessing.center(row, where);
        }
        int inputs = network.inputSize();
        if (row.isSparse() ? row.width() > inputs : row.width() != inputs) {
            throw new DataException(
                    "%s has %d features, but the model takes %d: correct the row, or use the model that was trained on such"
                            + " rows",
                    where.get(), row.width(), inputs);
        }
        return row;
    }
}
