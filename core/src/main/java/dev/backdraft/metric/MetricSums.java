package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Collects in one pass over predictions what a set of metrics needs, and no more. Sums of parts of the data merge: added up in a
 * fixed order they give the same bits wherever the parts were computed. Mutable, not thread-safe.
 */
public final class MetricSums implements Serializable {
    private static final long serialVersionUID = 1;
    private static final int CALIBRATION_BINS = 15;

    private final PredictionKind kind;
    private final int outputs;
    private double loss;
    private double lossWeight;

    // null when no metric needs it
    private final ClassCounts counts;
    private final ClassRanks ranks;
    private final ProbabilityErrors probabilities;
    private final Calibration calibration;
    private final BinaryScores[] scores;
    private final ValueErrors values;
    private final AbsoluteErrors[] absoluteErrors;

    /**
     * Nothing yet.
     *
     * @param metrics that will be asked for
     * @param kind of the predictions
     * @param outputs of the network: rows of the predictions
     * @throws IllegalArgumentException when a metric does not suit the predictions
     */
    public MetricSums(Collection<? extends Metric> metrics, PredictionKind kind, int outputs) {
        Set<Collected> needs = EnumSet.noneOf(Collected.class);
        for (Metric metric : metrics) {
            if (!metric.suits(kind)) {
                throw new IllegalArgumentException(metric.label() + " is not for "
                        + (kind == PredictionKind.VALUES
                                ? "a regression"
                                : kind == PredictionKind.CLASSES ? "classes" : "yes-or-no outputs"));
            }
            needs.addAll(metric.collects());
        }
        this.kind = kind;
        this.outputs = outputs;
        int classes = kind == PredictionKind.CLASSES ? outputs : 2;
        counts = needs.contains(Collected.COUNTS) ? new ClassCounts(classes) : null;
        ranks = needs.contains(Collected.RANKS) ? new ClassRanks(classes) : null;
        probabilities = needs.contains(Collected.PROBABILITIES) ? new ProbabilityErrors() : null;
        calibration = needs.contains(Collected.CALIBRATION) ? new Calibration(CALIBRATION_BINS) : null;
        scores =
                new BinaryScores[needs.contains(Collected.SCORES) ? (kind == PredictionKind.CLASSES ? outputs : 1) : 0];
        for (int k = 0; k < scores.length; k++) {
            scores[k] = new BinaryScores();
        }
        values = needs.contains(Collected.VALUES) ? new ValueErrors(outputs) : null;
        absoluteErrors = new AbsoluteErrors[needs.contains(Collected.ABSOLUTE_ERRORS) ? outputs : 0];
        for (int k = 0; k < absoluteErrors.length; k++) {
            absoluteErrors[k] = new AbsoluteErrors();
        }
    }

    /** Adds the loss of rows, Σ wₙ Lₙ, and their weight, Σ wₙ. */
    public void addLoss(double sum, double weight) {
        loss += sum;
        lossWeight += weight;
    }

    /**
     * Adds rows.
     *
     * @param prediction [outputs × n]: probabilities, or values; read
     * @param target as {@link PredictionKind} says, [outputs × n], or the index of the class [1 × n]; read
     * @param weights of the n rows; null when all are 1; read
     * @throws IllegalArgumentException when shapes do not fit, or an index is of no class
     */
    public void add(Matrix prediction, Matrix target, float[] weights) {
        boolean index = kind == PredictionKind.CLASSES && target.rows() == 1;
        if (prediction.rows() != outputs
                || prediction.columns() != target.columns()
                || (target.rows() != outputs && !index)) {
            throw new IllegalArgumentException("predictions " + prediction.shape() + " and targets " + target.shape()
                    + " do not fit " + outputs + " outputs");
        }
        for (int n = 0; n < prediction.columns(); n++) {
            float w = weights == null ? 1 : weights[n];
            if (w == 0) {
                continue;
            }
            switch (kind) {
                case VALUES -> addValues(prediction, target, n, w);
                case QUESTIONS -> addAnswers(prediction, target, n, w);
                case CLASSES -> addClasses(prediction, target, n, w);
            }
        }
    }

    private void addValues(Matrix prediction, Matrix target, int n, float w) {
        if (values != null) {
            values.add(prediction, target, n, w);
        }
        for (int k = 0; k < absoluteErrors.length; k++) {
            absoluteErrors[k].add(prediction.get(k, n), target.get(k, n), w);
        }
    }

    private void addAnswers(Matrix prediction, Matrix target, int n, float w) {
        for (int k = 0; k < outputs; k++) {
            float p = prediction.get(k, n);
            float t = target.get(k, n);
            boolean yes = t > 0.5f;
            boolean saysYes = p > 0.5f;
            if (counts != null) {
                counts.add(yes ? 1 : 0, saysYes ? 1 : 0, w);
            }
            if (probabilities != null) {
                probabilities.add(p, Math.max(t, 0), w); // −1 is no, too
            }
            if (calibration != null) {
                calibration.add(saysYes ? p : 1.0 - p, yes == saysYes, w);
            }
            if (scores.length > 0) {
                scores[0].add(p, yes, w);
            }
        }
    }

    private void addClasses(Matrix prediction, Matrix target, int n, float w) {
        int trueClass = target.rows() == 1 ? index(target.get(0, n)) : largest(target, n);
        int predictedClass = largest(prediction, n);
        if (counts != null) {
            counts.add(trueClass, predictedClass, w);
        }
        if (ranks != null) {
            ranks.add(prediction, n, trueClass, w);
        }
        if (probabilities != null) {
            probabilities.add(prediction, target, n, w);
        }
        if (calibration != null) {
            calibration.add(prediction.get(predictedClass, n), predictedClass == trueClass, w);
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k].add(prediction.get(k, n), k == trueClass, w);
        }
    }

    private int index(float label) {
        if (!(label >= 0 && label < outputs && label == (int) label)) {
            throw new IllegalArgumentException(
                    "class " + label + ": " + outputs + " outputs are classes 0 to " + (outputs - 1));
        }
        return (int) label;
    }

    /** Row of the largest entry of a column; the first of equal ones. */
    private static int largest(Matrix matrix, int column) {
        int best = 0;
        for (int k = 1; k < matrix.rows(); k++) {
            if (matrix.get(k, column) > matrix.get(best, column)) {
                best = k;
            }
        }
        return best;
    }

    /**
     * Adds other sums, made for the same metrics and outputs; {@code other} is read.
     *
     * @throws IllegalArgumentException when they were made for others
     */
    public void add(MetricSums other) {
        if (other.kind != kind
                || other.outputs != outputs
                || (other.counts == null) != (counts == null)
                || (other.ranks == null) != (ranks == null)
                || (other.probabilities == null) != (probabilities == null)
                || (other.calibration == null) != (calibration == null)
                || (other.values == null) != (values == null)
                || other.scores.length != scores.length
                || other.absoluteErrors.length != absoluteErrors.length) {
            throw new IllegalArgumentException("sums for other metrics or another network cannot be added");
        }
        addLoss(other.loss, other.lossWeight);
        if (counts != null) {
            counts.add(other.counts);
        }
        if (ranks != null) {
            ranks.add(other.ranks);
        }
        if (probabilities != null) {
            probabilities.add(other.probabilities);
        }
        if (calibration != null) {
            calibration.add(other.calibration);
        }
        if (values != null) {
            values.add(other.values);
        }
        for (int k = 0; k < scores.length; k++) {
            scores[k].add(other.scores[k]);
        }
        for (int k = 0; k < absoluteErrors.length; k++) {
            absoluteErrors[k].add(other.absoluteErrors[k]);
        }
    }

    /** The value of one of the metrics that the sums were made for. */
    public double value(Metric metric) {
        return metric.value(this);
    }

    /** Mean loss a unit of weight; NaN of nothing. */
    public double meanLoss() {
        return loss / lossWeight;
    }

    /** Of class predictions. */
    public ClassCounts counts() {
        return collected(counts, Collected.COUNTS);
    }

    /** Of the true classes. */
    public ClassRanks ranks() {
        return collected(ranks, Collected.RANKS);
    }

    /** Of predicted probabilities. */
    public ProbabilityErrors probabilities() {
        return collected(probabilities, Collected.PROBABILITIES);
    }

    /** Of confidences, in 15 bins. */
    public Calibration calibration() {
        return collected(calibration, Collected.CALIBRATION);
    }

    /** Of predicted values. */
    public ValueErrors values() {
        return collected(values, Collected.VALUES);
    }

    /** The scores of class k against the rest; with yes-or-no outputs there is but k = 0, whose yes is class 1. */
    public BinaryScores scores(int k) {
        return collected(scores.length == 0 ? null : scores, Collected.SCORES)[k];
    }

    /** The mean of a ranking measure over the classes for which it is defined; NaN when it is for none. */
    double meanOfClasses(ToDoubleFunction<BinaryScores> measure) {
        double sum = 0;
        int defined = 0;
        for (BinaryScores one : collected(scores.length == 0 ? null : scores, Collected.SCORES)) {
            double value = measure.applyAsDouble(one);
            if (!Double.isNaN(value)) {
                sum += value;
                defined++;
            }
        }
        return sum / defined;
    }

    /** The mean over columns of the median absolute error. */
    public double medianAbsoluteError() {
        double sum = 0;
        for (AbsoluteErrors one :
                collected(absoluteErrors.length == 0 ? null : absoluteErrors, Collected.ABSOLUTE_ERRORS)) {
            sum += one.median();
        }
        return sum / absoluteErrors.length;
    }

    private static <T> T collected(T sums, Collected what) {
        if (sums == null) {
            throw new IllegalStateException("no metric that collects " + what + " was asked for");
        }
        return sums;
    }
}
