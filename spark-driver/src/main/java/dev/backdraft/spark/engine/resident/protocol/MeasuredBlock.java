package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.evaluate.Validation;

/**
 * What was measured of one validation block.
 *
 * @param block the block's number: sums are added in the order of these
 */
public record MeasuredBlock(int block, Validation validation) {}
