package dev.backdraft.metric;

/**
 * The receiver operating characteristic: point i predicts yes for scores of at least {@code threshold[i]}. Thresholds fall; the first
 * is infinite, where all is no, and then each distinct score has one.
 *
 * @param threshold falling
 * @param falsePositiveRate share of the no that are predicted yes, from 0 to 1; NaN when there are no such rows
 * @param truePositiveRate share of the yes that are predicted yes, from 0 to 1; NaN when there are no such rows
 */
public record RocCurve(double[] threshold, double[] falsePositiveRate, double[] truePositiveRate) {}
