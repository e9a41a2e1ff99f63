package dev.backdraft.train;

import dev.backdraft.data.ExactSum;
import dev.backdraft.metric.BinaryScores;
import java.util.Arrays;

/**
 * What every decision threshold comes to on rows that are yes or no. Entry i is for thresholds below {@code score[i]},
 * but not below the next score: yes is predicted for all rows with at least that score. Sums are exact before they are
 * rounded to a double, so they depend neither on the order of the rows nor on how they were divided.
 *
 * @param score the distinct scores, falling; NaN, if there is one, is the first
 * @param truePositives the weight of the yes with at least that score
 * @param falsePositives the weight of the no with at least that score
 * @param positives the weight of all yes
 * @param negatives the weight of all no
 */
record DecisionCurve(
        double[] score, double[] truePositives, double[] falsePositives, double positives, double negatives) {
    /** The curve of these rows. */
    static DecisionCurve of(BinaryScores rows) {
        Collector collector = new Collector(rows.size());
        rows.visitFalling(collector);
        return collector.curve();
    }

    /** Number of distinct scores. */
    int points() {
        return score.length;
    }

    /** Whether a score is NaN; no threshold makes sense then. */
    boolean hasNaN() {
        return points() > 0 && Double.isNaN(score[0]);
    }

    /** Adds the weights of rows that come with falling scores. */
    private static final class Collector implements BinaryScores.Visitor {
        private final double[] score;
        private final double[] truePositives;
        private final double[] falsePositives;
        private final ExactSum yes = new ExactSum();
        private final ExactSum no = new ExactSum();
        private int points;

        Collector(int rows) {
            score = new double[rows];
            truePositives = new double[rows];
            falsePositives = new double[rows];
        }

        @Override
        public void row(float rowScore, boolean isYes, float weight) {
            if (points == 0 || Double.compare(score[points - 1], rowScore) != 0) {
                round();
                score[points++] = rowScore;
            }
            (isYes ? yes : no).add(weight);
        }

        /** Rounds the sums of all rows so far, whose last score is complete. */
        private void round() {
            if (points > 0) {
                truePositives[points - 1] = yes.doubleValue();
                falsePositives[points - 1] = no.doubleValue();
            }
        }

        DecisionCurve curve() {
            round();
            return new DecisionCurve(
                    Arrays.copyOf(score, points),
                    Arrays.copyOf(truePositives, points),
                    Arrays.copyOf(falsePositives, points),
                    points == 0 ? 0 : truePositives[points - 1],
                    points == 0 ? 0 : falsePositives[points - 1]);
        }
    }
}
