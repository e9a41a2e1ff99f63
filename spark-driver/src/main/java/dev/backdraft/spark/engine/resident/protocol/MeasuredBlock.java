package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.metric.MetricSums;

/**
 * What was measured of one validation block.
 *
 * @param block the block's number: sums are added in the order of these
 */
public record MeasuredBlock(int block, MetricSums validation) {}
