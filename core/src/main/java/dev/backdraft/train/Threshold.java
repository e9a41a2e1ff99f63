package dev.backdraft.train;

import dev.backdraft.metric.BinaryScores;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.StandardMetric;
import java.util.Locale;

/**
 * The decision threshold that a training ended with: class 1, or yes, is predicted where its probability is above it.
 *
 * @param rule how it was found: what the setting said
 * @param value above 0 and below 1; NaN when no threshold was found
 * @param precision of class 1 on the validation rows; NaN if the threshold was not chosen on rows, or is undefined
 * @param recall of class 1 on the validation rows; NaN if the threshold was not chosen on rows
 * @param f1 of class 1 on the validation rows; NaN if the threshold was not chosen on rows
 * @param problem why none was found; null if one was
 */
public record Threshold(String rule, double value, double precision, double recall, double f1, String problem) {
    /** The metric that collects what a threshold is chosen from: the scores of all rows. */
    static final Metric METRIC = StandardMetric.AVERAGE_PRECISION;

    /** Whether a configuration asks for a threshold that is chosen on validation rows. */
    public static boolean needsRows(TrainingConfig config) {
        return config.threshold() != null
                && ThresholdRule.parse(config.threshold()).needsRows();
    }

    /** The threshold that a configuration gives as a number; null when it does not. */
    public static Threshold given(TrainingConfig config) {
        if (config.threshold() == null || needsRows(config)) {
            return null;
        }
        double value = ThresholdRule.parse(config.threshold()).value();
        return new Threshold(config.threshold(), value, Double.NaN, Double.NaN, Double.NaN, null);
    }

    /**
     * The threshold that a configuration asks for, which {@linkplain #needsRows needs rows}.
     *
     * @param rows probabilities of class 1; those of yes, of all outputs, where each is a question of its own
     */
    public static Threshold choose(TrainingConfig config, BinaryScores rows) {
        return ThresholdRule.parse(config.threshold()).choose(config.threshold(), DecisionCurve.of(rows));
    }

    static Threshold notFound(String rule, String problem) {
        return new Threshold(rule, Double.NaN, Double.NaN, Double.NaN, Double.NaN, problem);
    }

    /** @param point of the curve; −1 where no row is predicted as yes */
    static Threshold found(String rule, double value, DecisionCurve rows, int point) {
        double yes = point < 0 ? 0 : rows.truePositives()[point];
        double no = point < 0 ? 0 : rows.falsePositives()[point];
        return new Threshold(
                rule, value, yes / (yes + no), yes / rows.positives(), f1(yes, no, rows.positives()), null);
    }

    /** 2 TP / (2 TP + FP + FN). */
    static double f1(double truePositives, double falsePositives, double positives) {
        return 2 * truePositives / (truePositives + falsePositives + positives);
    }

    /** Whether the model gets a threshold. */
    public boolean isFound() {
        return problem == null;
    }

    /** A sentence for people: what was found and how good it is, or why nothing was found. */
    String sentence() {
        if (problem != null) {
            return String.format(
                    Locale.ROOT,
                    "warning: threshold %s cannot be chosen on the validation rows, because %s: the model predicts class 1"
                            + " above a probability of 0.5",
                    rule,
                    problem);
        }
        return Double.isNaN(recall)
                ? String.format(Locale.ROOT, "threshold: %s", value)
                : String.format(
                        Locale.ROOT,
                        "threshold: %s, by %s (class 1 on the validation rows: precision %s, recall %.4f, F1 %.4f)",
                        value,
                        rule,
                        Double.isNaN(precision) ? "undefined" : String.format(Locale.ROOT, "%.4f", precision),
                        recall,
                        f1);
    }
}
