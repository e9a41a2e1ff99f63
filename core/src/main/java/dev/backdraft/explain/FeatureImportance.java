package dev.backdraft.explain;

/**
 * How much one feature counts.
 *
 * @param feature its index, from 0
 * @param name as the training data had it; its index when that had no names
 * @param mean over repeats or rows, as the measure says
 * @param deviation of what the mean is of: the population's, {@code √(Σ (v − mean)²/n)}
 */
public record FeatureImportance(int feature, String name, double mean, double deviation) {}
