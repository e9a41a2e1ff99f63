package dev.backdraft.model;

import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelScaling;
import dev.backdraft.data.RowEncoder;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.BinaryLoss;
import dev.backdraft.network.Backpropagation;
import java.util.Arrays;
import java.util.List;

/**
 * Predicts batches of rows: {@code load} a batch, then ask for its {@link #predict predictions} or {@link #logits}. Features
 * are as in the training data; they are scaled here.
 *
 * <p>Not thread-safe: use one per thread. The result of a call is overwritten by the next batch.
 */
public final class Predictor {
    private final Model model;
    private final int features;
    private final RowEncoder columns; // of a model that takes a table; else null
    private final int given; // numbers of a row in an array: features, or columns of a table
    private final Backpropagation backpropagation;
    private final Matrix allX;
    private final Matrix allPredictions;
    private Matrix x; // the rows loaded, scaled
    private Matrix prediction; // as many columns
    private Matrix rounded; // likewise, where values are rounded; null when none are
    private final boolean reconstructs;
    private final boolean centersFeatures;
    private final LabelScaling scaling; // of the label
    private final boolean centersLabel;
    private Matrix logits; // of them, or null when nobody has asked yet

    Predictor(Model model, int maxRows) {
        if (maxRows < 1) {
            throw new IllegalArgumentException("a predictor needs room for at least one row: maxRows is " + maxRows);
        }
        this.model = model;
        features = model.network().inputSize();
        columns = model.preprocessing().columns();
        given = columns == null ? features : columns.columns().size();
        backpropagation = new Backpropagation(model.network(), model.loss(), maxRows);
        allX = Matrix.zeros(features, maxRows);
        allPredictions = Matrix.zeros(model.network().outputSize(), maxRows);
        Standardizer ofFeatures = model.preprocessing().features();
        scaling = model.preprocessing().labelScaling();
        reconstructs = model.reconstructs();
        centersFeatures = ofFeatures != null && ofFeatures.centersAny();
        centersLabel = scaling.centersAny();
        x = allX.firstColumns(0);
        prediction = allPredictions.firstColumns(0);
    }

    /**
     * Takes a batch of rows, dense, sparse or raw; labels and weights are ignored.
     *
     * @param rows at most {@code maxRows}; read
     * @throws DataException when a row is wider than the network's input, a dense one narrower, or a feature not finite
     */
    public void load(List<Example> rows) {
        loadCentered(rows);
        if (centersFeatures) { // such a model takes no raw rows
            for (int n = 0; n < rows.size(); n++) {
                model.preprocessing().features().center(rows.get(n), x.values(), n * features);
            }
        }
        scale();
    }

    /**
     * Takes a batch of rows that are {@linkplain dev.backdraft.data.Preprocessing#center centered}, as rows with resolved labels are;
     * otherwise {@link #load(List)}.
     */
    public void loadResolved(List<Example> rows) {
        loadCentered(rows);
        scale();
    }

    private void loadCentered(List<Example> rows) {
        resize(rows.size());
        int n = 0;
        for (Example row : rows) {
            if (row.cells() != null) {
                encode(row, n++);
                continue;
            }
            if (row.isSparse() ? row.width() > features : row.width() != features) {
                throw wrongWidth(row.width());
            }
            row.copyTo(x.values(), n * features, features);
            n++;
        }
    }

    private void encode(Example raw, int n) {
        Cells cells = raw.cells();
        if (columns == null || cells.size() != columns.columns().size()) {
            model.preprocessing().center(raw, () -> "row " + n); // says what is wrong
        } else {
            encode(cells, n);
        }
    }

    /**
     * Takes a batch of dense rows, one after the other.
     *
     * @param rowMajor [rows × features], or [rows × columns] of numbers for a model that takes a table, with NaN for a
     *     gap; read
     * @param rows at most {@code maxRows}
     * @throws DataException when the rows are not as wide as the network's input, or a feature is not finite
     */
    public void load(float[] rowMajor, int rows) {
        resize(rows);
        if (rowMajor.length != (long) rows * given) {
            throw wrongLength(rowMajor.length, rows);
        }
        take(rowMajor, 0);
    }

    /** Takes the rows of an array, from a place on. */
    private void take(float[] rowMajor, int from) {
        if (columns != null) {
            double[] numbers = new double[x.columns() * given];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = rowMajor[from + i];
            }
            encode(numbers, 0);
        } else {
            System.arraycopy(rowMajor, from, x.values(), 0, x.size());
            center();
        }
        scale();
    }

    /** Encodes rows of a table whose cells are numbers, or NaN for a gap. */
    private void encode(double[] numbers, int from) {
        for (int n = 0; n < x.columns(); n++) {
            int start = from + n * given;
            Cells cells = Cells.of(Arrays.copyOfRange(numbers, start, start + given), new String[given]);
            encode(cells, n);
        }
    }

    private void encode(Cells cells, int n) {
        try {
            columns.encode(cells, x.values(), n * features);
        } catch (DataException e) {
            throw x.columns() == 1 ? e : e.in("row " + n);
        }
    }

    /** Like {@link #load(float[], int)}, of rows that are centered; see {@link #loadResolved(List)}. */
    public void loadResolved(float[] rowMajor, int rows) {
        resize(rows);
        if (rowMajor.length != x.size()) {
            throw wrongLength(rowMajor.length, rows);
        }
        System.arraycopy(rowMajor, 0, x.values(), 0, rowMajor.length);
        scale();
    }

    /** Like {@link #load(float[], int)}, of doubles: a column that the model centers in double loses nothing. */
    public void load(double[] rowMajor, int rows) {
        if (rowMajor.length != (long) rows * given) {
            throw wrongLength(rowMajor.length, rows);
        }
        load(rowMajor, 0, rows);
    }

    private void load(double[] rowMajor, int from, int rows) {
        resize(rows);
        if (columns != null) {
            encode(rowMajor, from);
            scale();
            return;
        }
        for (int i = 0; i < x.size(); i++) {
            x.values()[i] = (float) rowMajor[from + i];
        }
        for (int n = 0; centersFeatures && n < rows; n++) {
            model.preprocessing().features().center(rowMajor, from + n * features, x.values(), n * features);
        }
        scale();
    }

    private void center() {
        for (int n = 0; centersFeatures && n < x.columns(); n++) {
            model.preprocessing().features().center(x.values(), n * features);
        }
    }

    private DataException wrongLength(int length, int rows) {
        if (rows == 1) {
            return wrongWidth(length);
        }
        return new DataException(
                "%d values are not %d rows of the %d features that the model takes", length, rows, given);
    }

    /**
     * Predicts dense rows, in batches that fit the scratch.
     *
     * @param rowMajor [rows × features]; read
     * @param predictions [rows × outputs], row by row; overwritten
     */
    void predict(float[] rowMajor, int rows, float[] predictions) {
        checkArrays(rowMajor.length, rows, predictions.length);
        int outputs = model.network().outputSize();
        for (int from = 0; from < rows; from += allX.columns()) {
            resize(Math.min(allX.columns(), rows - from));
            take(rowMajor, from * given);
            System.arraycopy(predict().values(), 0, predictions, from * outputs, prediction.size());
        }
    }

    /** The predictions of doubles: neither features nor predictions of a column that is centered in double are rounded. */
    void predict(double[] rowMajor, int rows, double[] predictions) {
        checkArrays(rowMajor.length, rows, predictions.length);
        int outputs = model.network().outputSize();
        for (int from = 0; from < rows; from += allX.columns()) {
            int count = Math.min(allX.columns(), rows - from);
            load(rowMajor, from * given, count);
            predictCentered();
            for (int n = 0; n < count; n++) {
                for (int k = 0; k < outputs; k++) {
                    predictions[(from + n) * outputs + k] = value(k, n);
                }
            }
        }
    }

    private void checkArrays(int length, int rows, int predictions) {
        if (length != (long) rows * given) {
            throw wrongLength(length, rows);
        }
        int outputs = model.network().outputSize();
        if (predictions != (long) rows * outputs) {
            throw new IllegalArgumentException("the array for the predictions has " + predictions + " entries, not "
                    + rows + " rows of " + outputs);
        }
    }

    private DataException wrongWidth(int width) {
        return new DataException("row has %d features but the model takes %d", width, given);
    }

    private void resize(int rows) {
        if (rows < 0 || rows > allX.columns()) {
            throw new IllegalArgumentException(rows + " rows for a predictor of at most " + allX.columns() + " rows");
        }
        if (x.columns() != rows) {
            x = allX.firstColumns(rows);
            prediction = allPredictions.firstColumns(rows);
            rounded = centersLabel ? Matrix.zeros(prediction.rows(), rows) : null;
        }
        logits = null;
    }

    private void scale() {
        Standardizer standardizer = model.preprocessing().features();
        for (int n = 0; n < x.columns(); n++) {
            if (standardizer != null) {
                standardizer.apply(x.values(), n * features);
            }
            for (int i = 0; i < features; i++) {
                if (!Float.isFinite(x.get(i, n))) {
                    throw new DataException(
                            "feature %d of row %d is %s%s: the model takes finite numbers",
                            i, n, x.get(i, n), standardizer == null ? "" : " when scaled");
                }
            }
        }
    }

    /** The loaded rows as the network sees them, [inputs × n]: encoded and scaled; read only. */
    public Matrix inputs() {
        return x;
    }

    /** The model that predicts. */
    public Model model() {
        return model;
    }

    /** Returns the logits [outputs × n] of the loaded rows; read only. */
    public Matrix logits() {
        if (logits == null) {
            logits = backpropagation.forward(model.sharedParameters(), x);
        }
        return logits;
    }

    /**
     * Returns the outputs of a hidden layer for the loaded rows [{@link Model#embeddingSize} × n]; read only, and
     * overwritten by the next batch.
     *
     * @param layer the number of a layer, from 0, {@link Model#LAST_HIDDEN} or {@link Model#NARROWEST}
     * @throws IllegalArgumentException when there is no such layer
     */
    public Matrix embedding(int layer) {
        model.embeddingSize(layer);
        logits();
        return layer == Model.LAST_HIDDEN
                ? backpropagation.inputOf(model.network().outputLayer())
                : backpropagation.outputOf(layer == Model.NARROWEST ? model.narrowest() : layer);
    }

    /**
     * How far the network is from reproducing a loaded row: the mean of (x̂ᵢ − xᵢ)² over all inputs i, of which x are
     * the {@link #inputs}, encoded and scaled, and x̂ what the network makes of them.
     *
     * @throws IllegalStateException when the model does not {@linkplain Model#reconstructs reproduce} what it takes
     */
    public double reconstructionError(int row) {
        if (!reconstructs) {
            throw new IllegalStateException("the model is not an autoencoder");
        }
        Matrix outputs = logits(); // which such a loss takes as they are
        double sum = 0;
        for (int i = 0; i < features; i++) {
            double error = (double) outputs.get(i, row) - x.get(i, row);
            sum += error * error;
        }
        return sum / features;
    }

    /**
     * Returns the predictions [outputs × n] of the loaded rows: class probabilities (of class 1, with one sigmoid output), or
     * values in the label's own units. Values are rounded to float; {@link #predictValues} does not.
     */
    public Matrix predict() {
        predictCentered();
        if (centersLabel) {
            for (int n = 0; n < prediction.columns(); n++) {
                for (int k = 0; k < prediction.rows(); k++) {
                    rounded.set(k, n, (float) value(k, n));
                }
            }
            return rounded;
        }
        return prediction;
    }

    /** Predicts the loaded rows; {@link #value} then returns the predictions as doubles. */
    public Predictor predictValues() {
        predictCentered();
        return this;
    }

    /**
     * An output of a row, after {@link #predictValues} or {@link #predict}: a probability, or a value in the label's own units.
     */
    public double value(int output, int row) {
        float centered = prediction.get(output, row);
        return centersLabel ? scaling.offset(output) + centered : centered;
    }

    /**
     * The probability of a class, after {@link #predictValues} or {@link #predict}. One output gives both, each computed from
     * the logit where the loss has a formula: that of class 0 is exact even when that of class 1 rounds to 1.
     */
    public double probability(int classIndex, int row) {
        if (prediction.rows() > 1) {
            return prediction.get(classIndex, row);
        }
        if (model.calibration() == null && model.loss() instanceof BinaryLoss loss) {
            double z = logits().get(0, row);
            return classIndex == 1 ? loss.probabilityOfYes(z) : loss.probabilityOfNo(z);
        }
        double yes = prediction.get(0, row);
        return classIndex == 1 ? yes : 1 - yes;
    }

    /**
     * The class of a row, after {@link #predictValues} or {@link #predict}: the {@linkplain #mostProbableClass most
     * probable one}, or, for a model with a {@linkplain Model#threshold threshold} of its own, class 1 where its
     * probability is above it.
     */
    public int predictedClass(int row) {
        return predictedClass(model, prediction, row);
    }

    /** The number of outputs. */
    public int outputs() {
        return prediction.rows();
    }

    /**
     * Like {@link #predict}, but values of a label that is centered in double are left relative to its {@linkplain
     * LabelScaling#offset offset}, as labels of {@linkplain
     * dev.backdraft.data.Preprocessing#center resolved} rows are. Errors are the same, and not rounded.
     */
    public Matrix predictCentered() {
        model.loss().predict(logits(), prediction);
        scaling.invert(prediction);
        if (model.calibration() != null) {
            calibrate(model.calibration());
        }
        return prediction;
    }

    private void calibrate(CalibrationCurve curve) {
        int one = prediction.rows() - 1;
        for (int n = 0; n < prediction.columns(); n++) {
            double probability = curve.at(prediction.get(one, n));
            prediction.set(one, n, (float) probability);
            if (one > 0) {
                prediction.set(0, n, (float) (1 - probability));
            }
        }
    }

    static int predictedClass(Model model, Matrix prediction, int column) {
        return model.hasThreshold()
                ? (prediction.get(prediction.rows() - 1, column) > model.threshold() ? 1 : 0)
                : mostProbableClass(prediction, column);
    }

    /**
     * The most probable class of a column of probabilities, the first of equal ones, whatever the threshold of the
     * model. A single row is the probability of class 1, which is the more probable one above 0.5.
     */
    public static int mostProbableClass(Matrix prediction, int column) {
        if (prediction.rows() == 1) {
            return prediction.get(0, column) > 0.5f ? 1 : 0;
        }
        return prediction.largestRow(column);
    }
}
