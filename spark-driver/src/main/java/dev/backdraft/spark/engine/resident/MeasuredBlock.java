package dev.backdraft.spark.engine.resident;

import dev.backdraft.evaluate.Validation;
import java.io.Serializable;

/**
 * What was measured of one validation block.
 *
 * @param block the block's number: sums are added in the order of these
 */
record MeasuredBlock(int block, Validation validation) {}
