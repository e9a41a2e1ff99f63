package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.BlockCache;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.LaneWorker;
import java.io.Serializable;
import java.util.List;
import org.apache.spark.TaskContext;
import org.apache.spark.broadcast.Broadcast;
import scala.collection.Iterator;
import scala.runtime.AbstractFunction2;

/**
 * The lanes of one partition in one step, as {@link SumBytes}: a function of its fields and the blocks, so it may run again
 * anywhere.
 */
final class StepTask extends AbstractFunction2<TaskContext, Iterator<BlockReader>, byte[]> implements Serializable {
    private static final long serialVersionUID = 1;

    private final Broadcast<JobWorkers> workers;
    private final TaskParameters parameters;
    private final StepAccumulators accumulators;
    private final long job;
    private final int epoch;
    private final long step;

    /** @param job number of the job in the fit */
    StepTask(
            Broadcast<JobWorkers> workers,
            TaskParameters parameters,
            StepAccumulators accumulators,
            long job,
            int epoch,
            long step) {
        this.workers = workers;
        this.parameters = parameters;
        this.accumulators = accumulators;
        this.job = job;
        this.epoch = epoch;
        this.step = step;
    }

    @Override
    public byte[] apply(TaskContext context, Iterator<BlockReader> run) {
        return sums(context.partitionId(), run.next(), (nanos, nodes) -> SumBytes.encode(nanos, 0, nodes));
    }

    /** What becomes of a worker's sums, before it goes on to other lanes. */
    interface Ending<R> {
        R of(long computeNanos, List<LaneSum> nodes);
    }

    /** The sums of a partition's lanes, as far as they are active. */
    <R> R sums(int part, BlockReader run, Ending<R> ending) {
        JobWorkers shared = workers.value();
        float[] values = shared.parameters(job, parameters);
        LaneWorker worker = shared.take();
        long start = System.nanoTime();
        int from = shared.firstLane(part);
        int to = shared.firstLane(part + 1);
        BlockCache cache = shared.cache();
        List<LaneSum> nodes = worker.sums(epoch, step, from, to, values, number -> cache.get(number, run));
        R result = ending.of(System.nanoTime() - start, nodes);
        run.close();
        accumulators.add(shared.layout(), step, from, to, nodes);
        shared.giveBack(worker);
        return result;
    }
}
