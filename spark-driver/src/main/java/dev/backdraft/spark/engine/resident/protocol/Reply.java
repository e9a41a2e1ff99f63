package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.metric.MetricSums;
import dev.backdraft.train.engine.LaneSum;
import java.util.List;
import java.util.Map;

/**
 * The reply to a {@link Request}: the result of one executor's workers, and of all executors that it forwarded requests
 * to.
 *
 * @param request number of the request
 * @param sums of lanes, in which siblings have been added as far as possible; empty for measures
 * @param measured what was measured of validation blocks, by the number of the block; empty for a gradient
 * @param computeNanos time of the slowest worker
 * @param combineNanos time spent adding sums, on the slowest path
 */
public record Reply(
        long request, List<LaneSum> sums, Map<Integer, MetricSums> measured, long computeNanos, long combineNanos) {}
