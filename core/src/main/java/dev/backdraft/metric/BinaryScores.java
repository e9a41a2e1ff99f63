package dev.backdraft.metric;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Scores of rows that are yes or no, the higher the more likely yes; they need not be probabilities. Keeps every score, which is
 * what exact ranking measures take: 8 bytes a row. Mutable, not thread-safe.
 */
public final class BinaryScores implements Serializable {
    private static final long serialVersionUID = 1;

    private final WeightedFloats scores = new WeightedFloats(); // negative weights for no

    /** Adds a row; one of weight 0 is no row. */
    public void add(float score, boolean yes, float weight) {
        if (weight != 0) {
            scores.add(score, yes ? weight : -weight);
        }
    }

    /** Adds other rows; {@code other} is read. */
    public void add(BinaryScores other) {
        scores.add(other.scores);
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return scores.bytes();
    }

    void write(ByteBuffer out) {
        scores.write(out);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        scores.read(in);
    }

    /** Number of rows. */
    public int size() {
        return scores.size();
    }

    /**
     * The area under the ROC curve: the probability that a yes has a higher score than a no, equal scores counting one half (Hanley
     * and McNeil 1982). NaN when there is no yes, no no, or a score that is NaN.
     */
    public double rocAuc() {
        double area = 0;
        Groups groups = new Groups();
        while (groups.next()) {
            area += groups.no * (groups.yesAbove + groups.yes / 2);
        }
        return groups.hasNaN() ? Double.NaN : area / groups.yesAbove / groups.noAbove;
    }

    /**
     * Average precision, {@code Σ (Rᵢ − Rᵢ₋₁) Pᵢ} over the distinct scores from the highest down, R recall and P precision of
     * predicting yes from there on; no interpolation. NaN when there is no yes, or a score that is NaN.
     */
    public double averagePrecision() {
        double sum = 0;
        Groups groups = new Groups();
        while (groups.next()) {
            double yes = groups.yesAbove + groups.yes;
            sum += groups.yes * (yes / (yes + groups.noAbove + groups.no));
        }
        return groups.hasNaN() ? Double.NaN : sum / groups.yesAbove;
    }

    /** The points of the ROC curve, for every distinct score. */
    public RocCurve roc() {
        double[] threshold = new double[size() + 1];
        double[] falsePositives = new double[size() + 1];
        double[] truePositives = new double[size() + 1];
        threshold[0] = Double.POSITIVE_INFINITY;
        int points = 1;
        Groups groups = new Groups();
        while (groups.next()) {
            threshold[points] = groups.score;
            falsePositives[points] = groups.noAbove + groups.no;
            truePositives[points] = groups.yesAbove + groups.yes;
            points++;
        }
        for (int i = 0; i < points; i++) {
            falsePositives[i] /= groups.noAbove;
            truePositives[i] /= groups.yesAbove;
        }
        return new RocCurve(
                Arrays.copyOf(threshold, points),
                Arrays.copyOf(falsePositives, points),
                Arrays.copyOf(truePositives, points));
    }

    /** Takes one row after the other. */
    @FunctionalInterface
    public interface Visitor {
        /**
         * Takes a row.
         *
         * @param weight above 0
         */
        void row(float score, boolean yes, float weight);
    }

    /** Visits all rows, those with the highest scores first; NaN comes before all numbers. */
    public void visitFalling(Visitor visitor) {
        int[] order = scores.ascending();
        for (int i = order.length - 1; i >= 0; i--) {
            float w = scores.weight(order[i]);
            visitor.row(scores.value(order[i]), w > 0, Math.abs(w));
        }
    }

    /** The counts when yes (class 1) is predicted for scores of at least the threshold. */
    public ClassCounts countsAt(double threshold) {
        ClassCounts counts = new ClassCounts(2);
        for (int i = 0; i < size(); i++) {
            float w = scores.weight(i);
            counts.add(w > 0 ? 1 : 0, scores.value(i) >= threshold ? 1 : 0, Math.abs(w));
        }
        return counts;
    }

    /** Walks over the groups of equal score, from the highest score down. */
    private final class Groups {
        private final int[] order = scores.ascending();
        private int left = order.length;
        private double score;
        private double yes; // weights in this group
        private double no;
        private double yesAbove; // in the groups before: at the end, in all
        private double noAbove;

        /** Goes to the next group; false at the end. */
        boolean next() {
            yesAbove += yes;
            noAbove += no;
            yes = 0;
            no = 0;
            if (left == 0) {
                return false;
            }
            float shared = scores.value(order[left - 1]);
            score = shared;
            while (left > 0 && Float.compare(scores.value(order[left - 1]), shared) == 0) {
                left--;
                float w = scores.weight(order[left]);
                yes += Math.max(w, 0);
                no += Math.max(-w, 0);
            }
            return true;
        }

        /** Whether a score is NaN: it comes last in ascending order. */
        boolean hasNaN() {
            return order.length > 0 && Float.isNaN(scores.value(order[order.length - 1]));
        }
    }
}
