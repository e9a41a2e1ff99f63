package dev.backdraft.explain;

import dev.backdraft.column.Columns;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Backpropagation;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * The contribution of each column to what a model says of a row, by integrated gradients: {@code (xᵢ − bᵢ) · ∫ ∂f/∂xᵢ
 * (b + t (x − b)) dt} over t from 0 to 1, with the baseline b. Sundararajan, Taly and Yan 2017, "Axiomatic attribution
 * for deep networks", eq. 1. The contributions of a row sum up to f(x) − f(b).
 *
 * <p>Of a table, a column's contribution is the sum over the inputs that it becomes. A category that becomes a code
 * moves in a straight line from the vector of one code to that of the other, as one-hot vectors before a dense layer
 * do.
 *
 * <p>f is the raw output. A classifier has that of a class: its logit, before softmax or sigmoid; for two classes as
 * {@code rawPrediction} of {@code spark.ml} has it, −z and z, with z the one output, or half the difference of two. A
 * regression has that of an output: in the label's own units if the model standardizes labels, and else before any
 * function that the loss applies, such as the exponential of {@code poisson}. On another {@linkplain
 * dev.backdraft.data.LabelScale scale} of the label than the linear one, f is on that scale: of {@code log}, a
 * contribution c multiplies the predicted label by eᶜ.
 *
 * <p>The default baseline is a usual row. Of a table, it has the median of each column of numbers or dates (the mean
 * where numbers are scaled by it), and the most frequent category of each other column: that of no text if most cells
 * are gaps, or there are too many categories to count. Of other rows it has the mean of each feature if the model
 * standardizes, else 0; code 0 for an embedding.
 *
 * <p>The integral is taken by Gauss-Legendre quadrature of five points over parts of the path. A part is halved as long
 * as its integral is far from the difference of the outputs at its ends, so that kinks, as of {@code relu}, are found.
 * This is repeated with a lower tolerance until the gap, and the root of the sum of the squares of the gaps of all
 * parts, are small.
 *
 * <p>It is refined until the sum of the contributions is right within 10⁻⁴ of the scale, which is the largest of
 * |f(x)|, |f(b)| and the sum of the absolute contributions of the inputs, but no more than three times. {@link
 * Contributions#gap} says what is left.
 *
 * <p>Not thread-safe: use one per thread.
 */
public final class IntegratedGradients {
    private static final double FIRST_TOLERANCE = 1e-5; // of a part, in relation to the scale
    private static final double SHORTEST = 1.0 / (1 << 20);
    private static final int MOST_PARTS = 1 << 12; // in one attempt
    private static final double WANTED = 5e-5; // gap in relation to the scale
    private static final int ATTEMPTS = 3;
    private static final int FIRST_PARTS = 4;
    private static final int BATCH_PARTS = 12; // of a pass through the network

    private final Model model;
    private final Predictor predictor;
    private final RowPath path;
    private final int batchParts;
    private final Backpropagation backpropagation;

    /** With the default baseline. */
    public IntegratedGradients(Model model) {
        this(model, usualRow(model));
    }

    /**
     * With a row as the baseline.
     *
     * @param baseline as in the training data, its label ignored; read
     * @throws dev.backdraft.data.DataException when it does not fit the model
     */
    public IntegratedGradients(Model model, Example baseline) {
        this(model, loaded(model.predictor(1), baseline));
    }

    private IntegratedGradients(Model model, float[] start) {
        this.model = model;
        predictor = model.predictor(1);
        path = new RowPath(model.network(), model.parameters(), start);
        int rows = model.blockRows(BATCH_PARTS * Part.POINTS);
        batchParts = Math.max(1, rows / Part.POINTS);
        backpropagation =
                new Backpropagation(path.network(), model.loss(), Math.max(batchParts * Part.POINTS, FIRST_PARTS + 1));
    }

    private static float[] usualRow(Model model) {
        float[] row = new float[model.network().inputSize()]; // the mean, where features are standardized
        if (model.preprocessing().columns() instanceof Columns columns) {
            columns.encodeUsual(row, 0);
        }
        return row;
    }

    private static float[] loaded(Predictor predictor, Example row) {
        predictor.load(List.of(row));
        predictor.logits(); // checks codes
        return inputs(predictor, 0);
    }

    private static float[] inputs(Predictor predictor, int row) {
        Matrix x = predictor.inputs();
        int from = x.offset() + row * x.rows();
        return Arrays.copyOfRange(x.values(), from, from + x.rows());
    }

    /** The names of the columns that contributions are of, in order: the columns of a table, else the features. */
    public static List<String> columns(Model model) {
        Preprocessing preprocessing = model.preprocessing();
        return preprocessing.featureNames().isEmpty()
                ? IntStream.range(0, model.network().inputSize())
                        .mapToObj(Integer::toString)
                        .toList()
                : preprocessing.featureNames();
    }

    /**
     * Checks that {@link #of(Example)} can explain a model: it has one answer, a class or a number, and takes the codes
     * of categories only as codes.
     *
     * @throws IllegalArgumentException saying why it cannot
     */
    public static void check(Model model) {
        checkOneAnswer(model);
        RowPath.check(model.network());
    }

    private static void checkOneAnswer(Model model) {
        if (!model.choosesClass() && model.network().outputSize() > 1) {
            throw new IllegalArgumentException("contributions are those to one answer, but the model gives "
                    + model.network().outputSize() + " values for a row");
        }
    }

    /**
     * The contributions to the predicted class, or to the one number that a regression predicts.
     *
     * @param row as in the training data, its label ignored; read
     * @throws dev.backdraft.data.DataException when it does not fit the model
     * @throws IllegalArgumentException when the model gives several values: say which one
     */
    public Contributions of(Example row) {
        checkOneAnswer(model);
        predictor.load(List.of(row));
        return of(predictor, 0, model.choosesClass() ? predictor.predictValues().predictedClass(0) : 0);
    }

    /**
     * The contributions to a class, or to an output of a model that chooses no class.
     *
     * @param answer number of the class or output, from 0
     */
    public Contributions of(Example row, int answer) {
        predictor.load(List.of(row));
        return of(predictor, 0, answer);
    }

    /** The contributions of rows, as of {@link #of(Example)}. */
    public List<Contributions> of(List<Example> rows) {
        return rows.stream().map(this::of).toList();
    }

    /**
     * The contributions of a row that a predictor of the same model has loaded.
     *
     * @param row number of it, from 0
     * @param answer number of the class, or of the output of a model that chooses no class, from 0
     */
    public Contributions of(Predictor loaded, int row, int answer) {
        double[] slopes = slopes(answer);
        loaded.logits(); // checks codes
        path.endAt(inputs(loaded, row));
        double[] outputs = outputs(slopes);
        double start = outputs[0];
        double end = outputs[FIRST_PARTS];
        Integrals found = integrals(outputs, slopes, Double.POSITIVE_INFINITY);
        double scale = Math.max(Math.max(Math.abs(start), Math.abs(end)), found.size());
        double tolerance = FIRST_TOLERANCE * scale;
        for (int attempt = 0; attempt < ATTEMPTS && found.error() > WANTED * scale; attempt++) {
            Integrals next = integrals(outputs, slopes, tolerance);
            found = next.error() < found.error() ? next : found;
            tolerance /= 4;
        }
        return contributions(start, end, found, answer);
    }

    private Contributions contributions(double start, double end, Integrals found, int answer) {
        double[] sums = found.sums();
        Preprocessing preprocessing = model.preprocessing();
        int columns = columns(model).size();
        Standardizer label = preprocessing.label();
        double unit = label == null ? 1 : label.deviation()[answer];
        double mean = label == null ? 0 : label.mean()[answer];
        List<Double> values = new ArrayList<>(columns);
        for (int column = 0; column < columns; column++) {
            values.add(unit * sum(sums, first(column), column + 1 < columns ? first(column + 1) : sums.length));
        }
        return new Contributions(mean + unit * start, mean + unit * end, values, unit * found.gap());
    }

    private int first(int column) {
        return model.preprocessing().columns() == null
                ? column
                : model.preprocessing().columns().firstFeature(column);
    }

    private static double sum(double[] values, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return sum;
    }

    /** How f changes with each logit. */
    private double[] slopes(int answer) {
        int outputs = model.network().outputSize();
        double[] slopes = new double[outputs];
        if (!model.choosesClass()) {
            slopes[Objects.checkIndex(answer, outputs)] = 1;
        } else if (Objects.checkIndex(answer, model.classCount()) >= 0 && outputs == 1) {
            slopes[0] = answer == 1 ? 1 : -1;
        } else if (outputs == 2) {
            slopes[answer] = 0.5;
            slopes[1 - answer] = -0.5;
        } else {
            slopes[answer] = 1;
        }
        return slopes;
    }

    private static double output(double[] slopes, Matrix logits, int column) {
        double output = 0;
        for (int k = 0; k < slopes.length; k++) {
            output += slopes[k] * logits.get(k, column);
        }
        return output;
    }

    /** f at the ends of the first parts. */
    private double[] outputs(double[] slopes) {
        Matrix points = Matrix.zeros(path.network().inputSize(), FIRST_PARTS + 1);
        for (int k = 0; k <= FIRST_PARTS; k++) {
            path.point((double) k / FIRST_PARTS, points, k);
        }
        Matrix logits = backpropagation.forward(path.parameters(), points);
        return IntStream.rangeClosed(0, FIRST_PARTS)
                .mapToDouble(k -> output(slopes, logits, k))
                .toArray();
    }

    /** The contribution of each input. */
    private Integrals integrals(double[] outputs, double[] slopes, double tolerance) {
        Deque<Part> open = new ArrayDeque<>();
        for (int k = 0; k < FIRST_PARTS; k++) {
            open.add(new Part((double) k / FIRST_PARTS, (k + 1.0) / FIRST_PARTS, outputs[k], outputs[k + 1]));
        }
        Integrals sums = new Integrals(path.network().inputSize());
        int parts = 0;
        while (!open.isEmpty()) {
            List<Part> batch = new ArrayList<>();
            while (!open.isEmpty() && batch.size() < batchParts) {
                batch.add(open.remove());
            }
            parts += batch.size();
            add(batch, slopes, parts < MOST_PARTS ? tolerance : Double.POSITIVE_INFINITY, sums, open);
        }
        return sums;
    }

    /** Adds the integrals of parts, or the halves of a part to the open ones. */
    private void add(List<Part> batch, double[] slopes, double tolerance, Integrals sums, Deque<Part> open) {
        int columns = batch.size() * Part.POINTS;
        Matrix points = Matrix.zeros(path.network().inputSize(), columns);
        Matrix gradients = Matrix.zeros(path.network().inputSize(), columns);
        Matrix dLogits = Matrix.zeros(slopes.length, columns);
        for (int column = 0; column < columns; column++) {
            path.point(batch.get(column / Part.POINTS).point(column % Part.POINTS), points, column);
            for (int k = 0; k < slopes.length; k++) {
                dLogits.set(k, column, (float) slopes[k]);
            }
        }
        Matrix logits = backpropagation.addOutputGradient(path.parameters(), points, dLogits, null, gradients);
        double[] integrals = new double[points.rows()];
        for (int p = 0; p < batch.size(); p++) {
            Part part = batch.get(p);
            int first = p * Part.POINTS;
            double gap = part.first() - part.last();
            for (int i = 0; i < integrals.length; i++) {
                double integral = 0;
                for (int k = 0; k < Part.POINTS; k++) {
                    integral += part.weight(k) * gradients.get(i, first + k);
                }
                integrals[i] = integral * path.change(i);
                gap += integrals[i];
            }
            if (Math.abs(gap) > tolerance && part.length() > SHORTEST) {
                double middle = output(slopes, logits, first + Part.MIDDLE);
                open.add(new Part(part.from(), part.middle(), part.first(), middle));
                open.add(new Part(part.middle(), part.to(), middle, part.last()));
                continue;
            }
            sums.add(integrals, gap);
        }
    }
}
