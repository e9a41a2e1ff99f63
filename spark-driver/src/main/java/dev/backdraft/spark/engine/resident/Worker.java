package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.spark.data.BlockCache;
import dev.backdraft.spark.data.BlockReader;
import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.LaneSum;
import dev.backdraft.train.LaneWorker;
import dev.backdraft.train.Measures;
import dev.backdraft.train.Objective;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.TaskContext;
import scala.collection.Iterator;

/**
 * One resident task's means: blocks and scratch. What it computes is a function of the question, the partitions and the blocks;
 * it remembers nothing. For the task's own thread.
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
    private final List<LaneWorker> laneWorkers =
            new ArrayList<>(); // one for each run of partitions that are side by side

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

    /** The number of the attempt of the task: another for a rerun. */
    long attempt() {
        return attempt;
    }

    /**
     * The gradient summed over the active lanes of these partitions.
     *
     * @param parts in rising order
     * @param again whether sums given out before are still in use; else they are taken back
     */
    List<LaneSum> gradient(Question question, int[] parts, boolean again) {
        if (again) {
            laneWorkers.clear();
        }
        List<LaneSum> sums = null;
        int run = 0;
        for (int from = 0; from < parts.length; run++) {
            int to = from + 1;
            while (to < parts.length && parts[to] == parts[to - 1] + 1) {
                to++;
            }
            List<LaneSum> nodes = laneWorker(run)
                    .sums(
                            question.epoch(),
                            question.step(),
                            training.firstLane(parts[from]),
                            training.firstLane(parts[to - 1] + 1),
                            question.parameters(),
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

    /** The measures of the blocks of these partitions of the validation rows. */
    List<MeasuredBlock> measures(Question question, int[] parts) {
        List<MeasuredBlock> measured = new ArrayList<>();
        for (int part : parts) {
            Iterator<Block> iterator = validation.all(part, context);
            while (iterator.hasNext()) {
                Block block = iterator.next();
                measured.add(new MeasuredBlock(block.id(), measures.of(block, question.parameters())));
            }
        }
        return measured;
    }
}
