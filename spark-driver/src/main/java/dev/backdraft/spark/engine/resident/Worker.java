package dev.backdraft.spark.engine.resident;

import dev.backdraft.data.Block;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.train.Objective;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.LaneWorker;
import java.util.ArrayList;
import java.util.List;
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
    private final WorkerBlocks blocks;
    private final List<LaneWorker> laneWorkers =
            new ArrayList<>(); // one for each run of partitions that are side by side

    Worker(int index, long attempt, Objective objective, Measures measures, WorkerBlocks blocks) {
        this.index = index;
        this.attempt = attempt;
        this.objective = objective;
        this.measures = measures;
        this.blocks = blocks;
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
        BlockParts training = blocks.training();
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
                            blocks::get);
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
            Iterator<Block> iterator = blocks.validation().all(part, blocks.context());
            while (iterator.hasNext()) {
                Block block = iterator.next();
                measured.add(new MeasuredBlock(block.id(), measures.of(block, question.parameters())));
            }
        }
        return measured;
    }
}
