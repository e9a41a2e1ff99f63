package dev.backdraft.train;

import dev.backdraft.data.ExactSum;
import dev.backdraft.loss.Probability;
import dev.backdraft.metric.BinaryScores;
import dev.backdraft.model.CalibrationCurve;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * An isotonic calibration: the function of the network's probabilities that never falls and has the least squared error
 * on the validation rows, by the pool-adjacent-violators algorithm (Ayer and others 1955). scikit-learn's {@code
 * IsotonicRegression(out_of_bounds="clip")} gives the same function.
 *
 * <p>The weights of rows with the same probability are added exactly, so the order of the rows makes no difference.
 *
 * @param before log-loss of the validation rows without it
 * @param after log-loss of the validation rows with it
 */
public record Isotonic(CalibrationCurve curve, double before, double after) {
    /** Rows with one score, or a block of neighbors. */
    private record Block(double lowest, double highest, double yes, double weight) {
        double share() {
            return yes / weight;
        }

        /** This block with the one of the next scores. */
        Block and(Block next) {
            return new Block(lowest, next.highest, yes + next.yes, weight + next.weight);
        }
    }

    /**
     * Finds the calibration for these rows; null when there are none, or a score is not a number.
     *
     * @param rows probabilities of class 1 as the network gives them
     */
    public static Isotonic of(BinaryScores rows) {
        List<Block> groups = groups(rows);
        if (groups.isEmpty() || groups.stream().anyMatch(group -> Double.isNaN(group.lowest))) {
            return null;
        }
        CalibrationCurve curve = curve(pooled(groups));
        double before = 0;
        double after = 0;
        double weight = 0;
        for (Block group : groups) {
            before += loss(group, group.lowest);
            after += loss(group, curve.at(group.lowest));
            weight += group.weight;
        }
        return new Isotonic(curve, before / weight, after / weight);
    }

    private static double loss(Block group, double p) {
        return -(group.yes * Probability.log(p) + (group.weight - group.yes) * Probability.logOfRest(p));
    }

    /** The distinct scores, rising. */
    private static List<Block> groups(BinaryScores rows) {
        Collector collector = new Collector();
        rows.visitFalling(collector);
        return collector.rising();
    }

    /** Joins neighbors until the shares of yes rise from block to block. */
    private static List<Block> pooled(List<Block> groups) {
        List<Block> blocks = new ArrayList<>();
        for (Block group : groups) {
            Block last = group;
            while (!blocks.isEmpty() && blocks.get(blocks.size() - 1).share() >= last.share()) {
                last = blocks.remove(blocks.size() - 1).and(last);
            }
            blocks.add(last);
        }
        return blocks;
    }

    /** Both ends of each block. */
    private static CalibrationCurve curve(List<Block> blocks) {
        List<Double> scores = new ArrayList<>();
        List<Double> probabilities = new ArrayList<>();
        for (Block block : blocks) {
            scores.add(block.lowest);
            probabilities.add(block.share());
            if (block.highest > block.lowest) {
                scores.add(block.highest);
                probabilities.add(block.share());
            }
        }
        return new CalibrationCurve(scores, probabilities);
    }

    /** Adds up the rows of each score exactly; they come with falling scores. */
    private static final class Collector implements BinaryScores.Visitor {
        private final List<Block> falling = new ArrayList<>();
        private ExactSum yes = new ExactSum();
        private ExactSum all = new ExactSum();
        private double score;
        private boolean any;

        @Override
        public void row(float rowScore, boolean isYes, float weight) {
            if (any && Double.compare(score, rowScore) != 0) {
                close();
            }
            any = true;
            score = rowScore;
            all.add(weight);
            if (isYes) {
                yes.add(weight);
            }
        }

        private void close() {
            falling.add(new Block(score, score, yes.doubleValue(), all.doubleValue()));
            yes = new ExactSum();
            all = new ExactSum();
        }

        List<Block> rising() {
            if (any) {
                close();
            }
            List<Block> rising = new ArrayList<>(falling);
            Collections.reverse(rising);
            return rising;
        }
    }

    /** The scores as they are after the calibration. */
    public BinaryScores applied(BinaryScores rows) {
        BinaryScores calibrated = new BinaryScores();
        rows.visitFalling((score, yes, weight) -> calibrated.add((float) curve.at(score), yes, weight));
        return calibrated;
    }
}
