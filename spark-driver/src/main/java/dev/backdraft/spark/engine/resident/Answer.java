package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.engine.LaneSum;
import java.util.List;

/**
 * What one JVM's workers, or a subtree of JVMs, answer to one {@link Ask}.
 *
 * @param ask the number of the ask
 * @param sums of lanes, siblings added as far as possible; empty for measures
 * @param measured validation blocks; empty for a gradient
 * @param computeNanos of the slowest worker
 * @param combineNanos of adding sums, on the slowest way
 */
record Answer(long ask, List<LaneSum> sums, List<MeasuredBlock> measured, long computeNanos, long combineNanos) {}
