package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** The sums over predictions that {@link MetricSums} collects. Mutable, not thread-safe. */
final class PredictionSums implements Serializable {
    private static final long serialVersionUID = 2;
    private static final int CALIBRATION_BINS = 15;

    /** Their places are part of the format of the bytes. */
    private static final List<PredictionKind> KINDS =
            List.of(PredictionKind.VALUES, PredictionKind.QUESTIONS, PredictionKind.CLASSES, PredictionKind.QUANTILES);

    private static final List<Collected> BITS = List.of(
            Collected.COUNTS,
            Collected.RANKS,
            Collected.PROBABILITIES,
            Collected.CALIBRATION,
            Collected.SCORES,
            Collected.VALUES,
            Collected.ABSOLUTE_ERRORS,
            Collected.DEVIANCES,
            Collected.QUANTILES);

    private final PredictionKind kind;
    private final int outputs;
    private final int point; // as in PredictionShape
    private final double threshold; // of the decision for class 1; NaN for the most probable class

    // null, or of length 0, when no metric needs it
    final ClassCounts counts;
    final ClassRanks ranks;
    final ProbabilityErrors probabilities;
    final Calibration calibration;
    final BinaryScores[] scores;
    final ValueErrors values;
    final AbsoluteErrors[] absoluteErrors;
    final Deviances deviances;
    final QuantileErrors quantiles;

    /** @param threshold of the decision for class 1; NaN for the most probable class; not for three or more classes */
    PredictionSums(Set<Collected> needs, PredictionShape shape, double threshold) {
        this.threshold = threshold;
        kind = shape.kind();
        outputs = shape.outputs();
        point = shape.point();
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
        values = needs.contains(Collected.VALUES) ? new ValueErrors(shape.labels()) : null;
        absoluteErrors = new AbsoluteErrors[needs.contains(Collected.ABSOLUTE_ERRORS) ? shape.labels() : 0];
        for (int k = 0; k < absoluteErrors.length; k++) {
            absoluteErrors[k] = new AbsoluteErrors();
        }
        deviances = needs.contains(Collected.DEVIANCES) ? new Deviances(shape.power()) : null;
        quantiles = needs.contains(Collected.QUANTILES) ? new QuantileErrors(shape.levels()) : null;
    }

    /**
     * Sums as others wrote them.
     *
     * @throws IllegalStateException when the bytes are not such sums
     */
    static PredictionSums read(ByteBuffer in) {
        int kind = in.get();
        int outputs = in.getInt();
        int point = in.getInt();
        int collected = in.getInt();
        Set<Collected> needs = EnumSet.noneOf(Collected.class);
        for (int bit = 0; bit < BITS.size(); bit++) {
            if ((collected >> bit & 1) != 0) {
                needs.add(BITS.get(bit));
            }
        }
        boolean fits = (long) Integer.BYTES * outputs <= in.remaining(); // each output has at least a number
        if (kind < 0
                || kind >= KINDS.size()
                || outputs < 1
                || point < -1
                || point >= outputs
                || !(fits || needs.isEmpty())) {
            throw new IllegalStateException(
                    "measures of kind " + kind + " with " + outputs + " outputs in " + in.remaining() + " bytes");
        }
        int levels = needs.contains(Collected.QUANTILES) ? outputs : 0;
        PredictionSums sums = new PredictionSums(
                needs,
                new PredictionShape(KINDS.get(kind), outputs, point, new double[levels], Double.NaN),
                Double.NaN); // sums that were sent take no rows
        if (sums.counts != null) {
            sums.counts.read(in);
        }
        if (sums.ranks != null) {
            sums.ranks.read(in);
        }
        if (sums.probabilities != null) {
            sums.probabilities.read(in);
        }
        if (sums.calibration != null) {
            sums.calibration.read(in);
        }
        if (sums.values != null) {
            sums.values.read(in);
        }
        for (BinaryScores each : sums.scores) {
            each.read(in);
        }
        for (AbsoluteErrors each : sums.absoluteErrors) {
            each.read(in);
        }
        if (sums.deviances != null) {
            sums.deviances.read(in);
        }
        if (sums.quantiles != null) {
            sums.quantiles.read(in);
        }
        return sums;
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        long bytes = Byte.BYTES + 3L * Integer.BYTES;
        bytes += counts == null ? 0 : counts.bytes();
        bytes += ranks == null ? 0 : ranks.bytes();
        bytes += probabilities == null ? 0 : probabilities.bytes();
        bytes += calibration == null ? 0 : calibration.bytes();
        bytes += values == null ? 0 : values.bytes();
        for (BinaryScores each : scores) {
            bytes += each.bytes();
        }
        for (AbsoluteErrors each : absoluteErrors) {
            bytes += each.bytes();
        }
        bytes += deviances == null ? 0 : deviances.bytes();
        bytes += quantiles == null ? 0 : quantiles.bytes();
        return bytes;
    }

    /** Writes kind, outputs, a bit for each {@link Collected}, and what is collected, in the order of {@link #read}. */
    void write(ByteBuffer out) {
        int collected = 0;
        for (Collected each : needs()) {
            collected |= 1 << BITS.indexOf(each);
        }
        out.put((byte) KINDS.indexOf(kind)).putInt(outputs).putInt(point).putInt(collected);
        if (counts != null) {
            counts.write(out);
        }
        if (ranks != null) {
            ranks.write(out);
        }
        if (probabilities != null) {
            probabilities.write(out);
        }
        if (calibration != null) {
            calibration.write(out);
        }
        if (values != null) {
            values.write(out);
        }
        for (BinaryScores each : scores) {
            each.write(out);
        }
        for (AbsoluteErrors each : absoluteErrors) {
            each.write(out);
        }
        if (deviances != null) {
            deviances.write(out);
        }
        if (quantiles != null) {
            quantiles.write(out);
        }
    }

    /** What is collected. */
    Set<Collected> needs() {
        Set<Collected> needs = EnumSet.noneOf(Collected.class);
        add(needs, Collected.COUNTS, counts != null);
        add(needs, Collected.RANKS, ranks != null);
        add(needs, Collected.PROBABILITIES, probabilities != null);
        add(needs, Collected.CALIBRATION, calibration != null);
        add(needs, Collected.SCORES, scores.length > 0);
        add(needs, Collected.VALUES, values != null);
        add(needs, Collected.ABSOLUTE_ERRORS, absoluteErrors.length > 0);
        add(needs, Collected.DEVIANCES, deviances != null);
        add(needs, Collected.QUANTILES, quantiles != null);
        return needs;
    }

    private static void add(Set<Collected> needs, Collected what, boolean isCollected) {
        if (isCollected) {
            needs.add(what);
        }
    }

    /** Adds rows; see {@link MetricSums#add(Matrix, Matrix, float[])}. */
    void add(Matrix prediction, Matrix target, float[] weights) {
        boolean index = kind == PredictionKind.CLASSES && target.rows() == 1;
        if (prediction.rows() != outputs
                || prediction.columns() != target.columns()
                || (target.rows() != (point < 0 ? outputs : 1) && !index)) {
            throw new IllegalArgumentException("predictions " + prediction.shape() + " and targets " + target.shape()
                    + " do not fit " + outputs + " outputs");
        }
        for (int n = 0; n < prediction.columns(); n++) {
            float w = weights == null ? 1 : weights[n];
            if (w == 0) {
                continue;
            }
            switch (kind) {
                case VALUES, QUANTILES -> addValues(prediction, target, n, w);
                case QUESTIONS -> addAnswers(prediction, target, n, w);
                case CLASSES -> addClasses(prediction, target, n, w);
            }
        }
    }

    private void addValues(Matrix prediction, Matrix target, int n, float w) {
        if (values != null && point < 0) {
            values.add(prediction, target, n, w);
        } else if (values != null) {
            values.add(prediction.get(point, n), target.get(0, n), w);
        }
        for (int k = 0; k < absoluteErrors.length; k++) {
            absoluteErrors[k].add(prediction.get(point < 0 ? k : point, n), target.get(k, n), w);
        }
        if (deviances != null && point < 0) {
            deviances.add(prediction, target, n, w);
        } else if (deviances != null) {
            deviances.add(prediction.get(point, n), target.get(0, n), w);
        }
        if (quantiles != null) {
            quantiles.add(prediction, target, n, w);
        }
    }

    private void addAnswers(Matrix prediction, Matrix target, int n, float w) {
        for (int k = 0; k < outputs; k++) {
            float p = prediction.get(k, n);
            float t = target.get(k, n);
            boolean yes = t > 0.5f;
            boolean saysYes = p > 0.5f;
            if (counts != null) {
                counts.add(yes ? 1 : 0, decide(p, saysYes ? 1 : 0), w);
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
        int trueClass = target.rows() == 1 ? index(target.get(0, n)) : target.largestRow(n);
        int predictedClass = prediction.largestRow(n);
        if (counts != null) {
            counts.add(trueClass, decide(prediction.get(outputs - 1, n), predictedClass), w);
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

    /** The predicted class: the most probable one, unless a threshold decides. */
    private int decide(float probabilityOfOne, int mostProbable) {
        return Double.isNaN(threshold) ? mostProbable : probabilityOfOne > threshold ? 1 : 0;
    }

    private int index(float label) {
        if (!(label >= 0 && label < outputs && label == (int) label)) {
            throw new IllegalArgumentException(
                    "class " + label + ": " + outputs + " outputs are classes 0 to " + (outputs - 1));
        }
        return (int) label;
    }

    /** Whether other sums were made for the same metrics and outputs. */
    boolean isLike(PredictionSums other) {
        return other.kind == kind
                && other.outputs == outputs
                && (other.counts == null) == (counts == null)
                && (other.ranks == null) == (ranks == null)
                && (other.probabilities == null) == (probabilities == null)
                && (other.calibration == null) == (calibration == null)
                && (other.values == null) == (values == null)
                && other.point == point
                && (other.deviances == null) == (deviances == null)
                && (other.quantiles == null) == (quantiles == null)
                && other.scores.length == scores.length
                && other.absoluteErrors.length == absoluteErrors.length;
    }

    /** Adds other sums, which {@linkplain #isLike are like} these; {@code other} is read. */
    void add(PredictionSums other) {
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
        if (deviances != null) {
            deviances.add(other.deviances);
        }
        if (quantiles != null) {
            quantiles.add(other.quantiles);
        }
    }
}
