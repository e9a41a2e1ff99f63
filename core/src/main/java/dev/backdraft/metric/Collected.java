package dev.backdraft.metric;

/** The kinds of sums that metrics are computed from: {@link MetricSums} collects those that are asked for. */
public enum Collected {
    /** The loss and the weight of the rows: three numbers. Only sums that are made for a loss collect them. */
    LOSS,

    /** {@link ClassCounts}: three numbers a class. */
    COUNTS,

    /** {@link ClassRanks}: one number a class. */
    RANKS,

    /** {@link ProbabilityErrors}: three numbers. */
    PROBABILITIES,

    /** {@link Calibration}: three numbers a bin. */
    CALIBRATION,

    /** {@link BinaryScores}, one a class: two numbers <em>a row</em> and class. */
    SCORES,

    /** {@link ValueErrors}: six numbers a column. */
    VALUES,

    /** {@link AbsoluteErrors}: two numbers <em>a row</em> and column. */
    ABSOLUTE_ERRORS,

    /** {@link Deviances}: five numbers. */
    DEVIANCES,

    /** {@link QuantileErrors}: three numbers, and the levels. */
    QUANTILES
}
