package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.io.Serializable;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Collects in one pass over predictions what a set of metrics needs, and no more. Sums of parts of the data merge: added up in a
 * fixed order they give the same bits wherever the parts were computed. Mutable, not thread-safe.
 *
 * <p>Sums of a {@link Loss} add the network's raw outputs beside the predictions, and always collect the loss. Sums of
 * a {@link PredictionKind} know predictions only, and cannot give the loss. The loss itself is not serialized: the
 * receiver adds sums that were sent to sums of its own.
 */
public final class MetricSums implements Serializable {
    private static final long serialVersionUID = 3;
    private static final int FORMAT = 2; // of the bytes; another number when they change

    private final boolean needsPredictions;
    private final PredictionSums predictions;
    private final transient Loss
            loss; // null without one, and in sums that were sent: Spark's Kryo cannot serialize records
    private final boolean ofLoss;
    private double lossSum;
    private double weight;
    private double correct;

    /**
     * Sums of predictions alone.
     *
     * @param metrics that will be asked for
     * @param kind of the predictions; not quantiles, whose levels the loss knows
     * @param outputs of the network: rows of the predictions
     * @throws IllegalArgumentException when a metric does not suit the predictions, or needs the loss
     */
    public MetricSums(Collection<? extends Metric> metrics, PredictionKind kind, int outputs) {
        this(metrics, kind, outputs, null, Double.NaN);
    }

    /**
     * Sums of the loss, and of predictions if a metric needs them.
     *
     * @param metrics that will be asked for besides the loss
     * @param loss that the network was trained with
     * @param outputs of the network: rows of the predictions
     * @throws IllegalArgumentException when a metric does not suit the predictions
     */
    public MetricSums(Collection<? extends Metric> metrics, Loss loss, int outputs) {
        this(metrics, PredictionKind.of(loss), outputs, loss, Double.NaN);
    }

    /**
     * Sums of the loss, and of predictions if a metric needs them, that count class 1 as predicted where its
     * probability is above a threshold.
     *
     * @param threshold NaN for the most probable class
     */
    public MetricSums(Collection<? extends Metric> metrics, Loss loss, int outputs, double threshold) {
        this(metrics, PredictionKind.of(loss), outputs, loss, threshold);
    }

    private MetricSums(
            Collection<? extends Metric> metrics, PredictionKind kind, int outputs, Loss loss, double threshold) {
        Set<Collected> needs = EnumSet.noneOf(Collected.class);
        for (Metric metric : metrics) {
            if (!metric.suits(kind)) {
                throw new IllegalArgumentException(metric.label() + " is not for "
                        + (kind == PredictionKind.VALUES
                                ? "a regression"
                                : kind == PredictionKind.QUANTILES
                                        ? "quantiles"
                                        : kind == PredictionKind.CLASSES ? "classes" : "yes-or-no outputs"));
            }
            needs.addAll(metric.collects());
        }
        if (needs.remove(Collected.LOSS) && loss == null) {
            throw new IllegalArgumentException("the loss needs the network's raw outputs, not only predictions");
        }
        this.loss = loss;
        ofLoss = loss != null;
        needsPredictions = !needs.isEmpty();
        predictions = new PredictionSums(needs, PredictionShape.of(kind, outputs, loss), threshold);
    }

    /** Sums that were sent. */
    private MetricSums(boolean ofLoss, double lossSum, double weight, double correct, PredictionSums predictions) {
        loss = null;
        this.ofLoss = ofLoss;
        this.lossSum = lossSum;
        this.weight = weight;
        this.correct = correct;
        this.predictions = predictions;
        needsPredictions = !predictions.needs().isEmpty();
    }

    /** Whether these are the sums of a loss. */
    public boolean isOfLoss() {
        return ofLoss;
    }

    /** Whether a metric needs predictions; else the loss is all that is collected. */
    public boolean needsPredictions() {
        return needsPredictions;
    }

    /**
     * Adds rows to sums of a loss.
     *
     * @param logits the raw outputs of the network [outputs × n]; read
     * @param target labels as the loss takes them, possibly scaled [labels × n]; read
     * @param prediction probabilities, or values in the unit of the labels [outputs × n]; null unless {@link
     *     #needsPredictions}; read
     * @param label labels in their own unit [labels × n]; null unless {@link #needsPredictions}; read
     * @param weights of the n rows; null when all are 1; read
     * @throws IllegalArgumentException when shapes do not fit, or an index is of no class
     */
    public void add(Matrix logits, Matrix target, Matrix prediction, Matrix label, float[] weights) {
        checkNotSent();
        if (loss == null) {
            throw new IllegalStateException("these sums were made without a loss");
        }
        double rows = 0;
        for (int n = 0; n < logits.columns(); n++) {
            rows += weights == null ? 1 : weights[n];
        }
        lossSum += loss.sum(logits, target, weights, Matrix.zeros(logits.rows(), logits.columns()));
        weight += rows;
        correct += loss.correct(logits, target, weights);
        if (needsPredictions) {
            predictions.add(prediction, label, weights);
        }
    }

    /**
     * Adds rows to sums of predictions alone.
     *
     * @param prediction [outputs × n]: probabilities, or values; read
     * @param target as {@link PredictionKind} says, [outputs × n], or the index of the class [1 × n]; read
     * @param weights of the n rows; null when all are 1; read
     * @throws IllegalArgumentException when shapes do not fit, or an index is of no class
     * @throws IllegalStateException when these are the sums of a loss
     */
    public void add(Matrix prediction, Matrix target, float[] weights) {
        if (ofLoss) {
            throw new IllegalStateException("sums of a loss need the network's raw outputs, too");
        }
        predictions.add(prediction, target, weights);
    }

    /**
     * Adds other sums, made for the same metrics and outputs; {@code other} is read.
     *
     * @throws IllegalArgumentException when they were made for others
     */
    public void add(MetricSums other) {
        if (other.ofLoss != ofLoss || !predictions.isLike(other.predictions)) {
            throw new IllegalArgumentException("sums for other metrics or another network cannot be added");
        }
        lossSum += other.lossSum;
        weight += other.weight;
        correct += other.correct;
        predictions.add(other.predictions);
    }

    /** Number of bytes that {@link #write} takes. */
    public int bytes() {
        return Math.toIntExact(Integer.BYTES + Byte.BYTES + 3L * Double.BYTES + predictions.bytes());
    }

    /**
     * Writes the sums, to be {@linkplain #read read} by the same version of this library: a format, the numbers of the
     * loss, and what else is collected. Little-endian.
     *
     * @param out has room for {@link #bytes}
     */
    public void write(ByteBuffer out) {
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.putInt(FORMAT).put((byte) (ofLoss ? 1 : 0));
        out.putDouble(lossSum).putDouble(weight).putDouble(correct);
        predictions.write(out);
    }

    /**
     * Sums that were sent: to be added to sums that have the loss.
     *
     * @throws IllegalStateException when the bytes are not such sums, or of another format
     */
    public static MetricSums read(ByteBuffer in) {
        in.order(ByteOrder.LITTLE_ENDIAN);
        try {
            int format = in.getInt();
            if (format != FORMAT) {
                throw new IllegalStateException("measures have format " + format + ", but this version reads " + FORMAT
                        + ": all processes must run the same version of Backdraft");
            }
            return new MetricSums(
                    in.get() == 1, in.getDouble(), in.getDouble(), in.getDouble(), PredictionSums.read(in));
        } catch (BufferUnderflowException e) {
            throw new IllegalStateException("measures end too early", e);
        }
    }

    /** The value of one of the metrics that the sums were made for. */
    public double value(Metric metric) {
        return metric.value(this);
    }

    /**
     * The loss that is reported: the {@linkplain Loss#objective objective} of the mean loss; NaN of nothing.
     *
     * @throws IllegalStateException when the sums were made without a loss, or sent
     */
    public double loss() {
        checkNotSent();
        return collected(loss, Collected.LOSS).objective(lossSum / weight);
    }

    /** Σ wₙ Lₙ, where the sums are of a loss. */
    public double lossSum() {
        return lossSum;
    }

    /** Σ wₙ, where the sums are of a loss. */
    public double weight() {
        return weight;
    }

    /** Σ wₙ over the rows that the loss counts as {@linkplain Loss#correct predicted right}. */
    public double correct() {
        return correct;
    }

    /** The share of the weight that the loss counts as predicted right, 0 … 1; NaN of nothing. */
    public double accuracy() {
        return correct / weight;
    }

    /** Of class predictions. */
    public ClassCounts counts() {
        return collected(predictions.counts, Collected.COUNTS);
    }

    /** Of the true classes. */
    public ClassRanks ranks() {
        return collected(predictions.ranks, Collected.RANKS);
    }

    /** Of predicted probabilities. */
    public ProbabilityErrors probabilities() {
        return collected(predictions.probabilities, Collected.PROBABILITIES);
    }

    /** Of confidences, in 15 bins. */
    public Calibration calibration() {
        return collected(predictions.calibration, Collected.CALIBRATION);
    }

    /** Of predicted values. */
    public ValueErrors values() {
        return collected(predictions.values, Collected.VALUES);
    }

    /** The scores of class k against the rest; with yes-or-no outputs there is but k = 0, whose yes is class 1. */
    public BinaryScores scores(int k) {
        return scores()[k];
    }

    private BinaryScores[] scores() {
        return collected(predictions.scores.length == 0 ? null : predictions.scores, Collected.SCORES);
    }

    /** The mean of a ranking measure over the classes for which it is defined; NaN when it is for none. */
    double meanOfClasses(ToDoubleFunction<BinaryScores> measure) {
        double sum = 0;
        int defined = 0;
        for (BinaryScores one : scores()) {
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
        AbsoluteErrors[] errors = predictions.absoluteErrors;
        double sum = 0;
        for (AbsoluteErrors one : collected(errors.length == 0 ? null : errors, Collected.ABSOLUTE_ERRORS)) {
            sum += one.median();
        }
        return sum / errors.length;
    }

    /** Of predicted means. */
    public Deviances deviances() {
        return collected(predictions.deviances, Collected.DEVIANCES);
    }

    /** Of predicted quantiles. */
    public QuantileErrors quantiles() {
        return collected(predictions.quantiles, Collected.QUANTILES);
    }

    private void checkNotSent() {
        if (ofLoss && loss == null) {
            throw new IllegalStateException("these sums were sent without their loss: add them to sums that have it");
        }
    }

    private static <T> T collected(T sums, Collected what) {
        if (sums == null) {
            throw new IllegalStateException("no metric that collects " + what + " was asked for");
        }
        return sums;
    }
}
