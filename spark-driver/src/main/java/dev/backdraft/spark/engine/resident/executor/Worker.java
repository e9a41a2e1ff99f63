package dev.backdraft.spark.engine.resident.executor;

import dev.backdraft.data.Block;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.spark.data.BlockCache;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.spark.engine.resident.protocol.Request.Work;
import dev.backdraft.train.Objective;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.LaneWorker;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * The blocks and the scratch of one resident task. A result is a function of the work, the parts and the blocks: a
 * worker remembers nothing between requests. For the task's own thread, because Spark's locks on blocks belong to
 * tasks.
 */
final class Worker {
    private final int index;
    private final long attempt;
    private final Objective objective;
    private final Measures measures;
    private final BlockSet training;
    private final BlockSet validation; // or null
    private final TaskContext context;
    private final BlockCache cache;
    private final BlockReader reader;
    private final boolean[] opened; // parts
    private final List<LaneWorker> laneWorkers = new ArrayList<>(); // one for each contiguous run of parts
    private PendingReply givenTo; // the reply that the lane workers' sums are for

    /**
     * @param validation or null
     * @param context of the task
     */
    Worker(Objective objective, Measures measures, BlockSet training, BlockSet validation, TaskContext context) {
        index = context.partitionId();
        attempt = context.taskAttemptId();
        this.objective = objective;
        this.measures = measures;
        this.training = training;
        this.validation = validation;
        this.context = context;
        cache = new BlockCache(training.layout());
        reader = new BlockReader(training.stored(), context);
        opened = new boolean[training.parts()];
    }

    int index() {
        return index;
    }

    /** Spark's id of the attempt of the task; a rerun has another. */
    long attempt() {
        return attempt;
    }

    /**
     * The gradient summed over the active lanes of these parts. The sums of an earlier reply are overwritten, unless
     * that reply has not been sent: another worker, which is late, may still add them.
     *
     * @param reply that the sums are for
     * @param parts increasing
     */
    List<LaneSum> gradient(PendingReply reply, int[] parts) {
        if (givenTo != null && !givenTo.isSent()) {
            laneWorkers.clear();
        }
        givenTo = reply;
        Work work = reply.request().work();
        List<LaneSum> sums = null;
        int run = 0;
        for (int from = 0; from < parts.length; run++) {
            int to = from + 1;
            while (to < parts.length && parts[to] == parts[to - 1] + 1) {
                to++;
            }
            List<LaneSum> nodes = laneWorker(run)
                    .sums(
                            work.epoch(),
                            work.step(),
                            training.firstLane(parts[from]),
                            training.firstLane(parts[to - 1] + 1),
                            work.parameters(),
                            this::block);
            if (run == 0) {
                sums = nodes;
            } else {
                sums = new ArrayList<>(sums);
                sums.addAll(nodes);
            }
            from = to;
        }
        return sums;
    }

    /** A training block. The first time that a block of a part is needed, all blocks of the part in memory are held. */
    private Block block(int number) {
        if (!cache.isHeld(number)) {
            int part = training.partOfLane(training.layout().laneOfBlock(number));
            if (!opened[part]) {
                cache.hold(training, part, context);
                opened[part] = true;
            }
        }
        return cache.get(number, reader);
    }

    private LaneWorker laneWorker(int run) {
        if (run == laneWorkers.size()) {
            laneWorkers.add(new LaneWorker(objective));
        }
        return laneWorkers.get(run);
    }

    /** The measures of the blocks of these parts of the validation rows, by the number of the block. */
    Map<Integer, MetricSums> measures(Work work, int[] parts) {
        Map<Integer, MetricSums> measured = new HashMap<>();
        for (int part : parts) {
            Iterator<Block> iterator = validation.all(part, context);
            while (iterator.hasNext()) {
                Block block = iterator.next();
                measured.put(block.id(), measures.of(block, work.parameters()));
            }
        }
        return measured;
    }
}
