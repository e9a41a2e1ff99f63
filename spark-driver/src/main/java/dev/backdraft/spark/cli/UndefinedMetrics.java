package dev.backdraft.spark.cli;

import java.util.Set;
import java.util.TreeSet;

/** Says which metrics have no value on some rows, and why: each once. Mutable, not thread-safe. */
final class UndefinedMetrics {
    private static final Set<String> RANKINGS = Set.of("roc-auc", "average-precision");

    private final Set<String> told = new TreeSet<>();

    /** What is to be said of this value, or null when it is defined, or that has been said. */
    String noteOnce(String metric, double value) {
        return Double.isNaN(value) && told.add(metric) ? note(metric, "the validation rows") : null;
    }

    /** What is to be said of a metric without a value. */
    static String note(String metric, String rows) {
        String why = RANKINGS.contains(metric)
                ? "all of them have the same class, and the metric compares rows of different classes"
                : "it cannot be computed from their labels and predictions";
        return metric + ": undefined on " + rows + ", because " + why;
    }
}
