package dev.backdraft.explain;

import java.util.Comparator;
import java.util.List;

/**
 * The importance of each feature.
 *
 * @param measure what the figures are of: the name of a metric, {@code loss}, or {@code output} with its number
 * @param baseline its value for the rows as they are
 * @param rows number of rows that were used
 * @param features in the order of their indices
 */
public record Importances(String measure, double baseline, long rows, List<FeatureImportance> features) {
    public Importances {
        features = List.copyOf(features);
    }

    /** The features by their mean, the largest first; equal ones by their index. */
    public List<FeatureImportance> ranked() {
        return features.stream()
                .sorted(Comparator.comparingDouble(FeatureImportance::mean).reversed())
                .toList();
    }
}
