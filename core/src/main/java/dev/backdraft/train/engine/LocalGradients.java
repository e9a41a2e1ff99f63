package dev.backdraft.train.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Block;
import dev.backdraft.data.Blocks;
import dev.backdraft.data.EvenSplit;
import dev.backdraft.evaluate.Measures;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.Objective;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.plan.StepClock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.function.IntFunction;

/** Gradients computed by threads of this JVM. Each thread takes a contiguous run of lanes. */
public final class LocalGradients implements GradientSource {
    private final BatchLayout layout;
    private final List<Block> validation; // or null
    private final Measures measures;
    private final LaneWorker[] workers;
    private final List<List<LaneSum>> sums = new ArrayList<>(); // of each worker
    private final List<LaneSum> nodes = new ArrayList<>();
    private final IntFunction<Block> blocks;
    private final Team team;
    private final StepClock clock;

    /**
     * @param validation rows to measure the loss on, or null
     * @param seed of the order of rows
     * @param threadCount at least 1; does not change the result
     */
    public LocalGradients(Network network, Loss loss, Blocks training, Blocks validation, long seed, int threadCount) {
        this(
                new Objective(network, loss, training.layout(), seed),
                Measures.ofLoss(network, loss),
                training.blocks(),
                validation == null ? null : validation.blocks(),
                threadCount);
    }

    /**
     * The lists are asked for their elements by several threads at once, and may fetch a block whenever they are asked
     * for it.
     *
     * @param objective over the training rows' layout
     * @param measures of the validation rows
     * @param training the blocks of the layout
     * @param validation or null
     * @param threadCount at least 1; does not change the result
     */
    public LocalGradients(
            Objective objective, Measures measures, List<Block> training, List<Block> validation, int threadCount) {
        this.measures = measures;
        this.validation = validation;
        layout = objective.layout();
        int count = Math.min(threadCount, layout.lanes());
        workers = new LaneWorker[count];
        for (int i = 0; i < count; i++) {
            workers[i] = new LaneWorker(objective);
            sums.add(List.of());
        }
        blocks = training::get;
        team = new Team("backdraft-gradient", threadCount);
        clock = new StepClock(count);
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        if (Thread.currentThread().isInterrupted()) {
            throw new CancellationException("the training was interrupted");
        }
        clock.begin();
        team.run(workers.length, worker -> compute(worker, epoch, step, parameters));
        clock.gathered();
        nodes.clear();
        sums.forEach(nodes::addAll);
        int lanes = layout.activeLanes(step);
        GradientSum sum = GradientTree.mergeLosses(lanes, nodes);
        if (nodes.size() > 1) {
            team.overRanges(sum.gradient().length, (from, to) -> GradientTree.mergeEntries(lanes, nodes, from, to));
        }
        clock.end();
        return sum;
    }

    private void compute(int worker, int epoch, long step, float[] parameters) {
        long start = System.nanoTime();
        int lanes = layout.lanes();
        int from = EvenSplit.first(lanes, workers.length, worker);
        int to = EvenSplit.first(lanes, workers.length, worker + 1);
        sums.set(worker, workers[worker].sums(epoch, step, from, to, parameters, blocks));
        clock.worked(worker, System.nanoTime() - start);
    }

    @Override
    public void overRanges(int length, RangeTask task) {
        team.overRanges(length, task);
    }

    @Override
    public StepTimes times() {
        return clock.times();
    }

    @Override
    public MetricSums validate(float[] ofParameters) {
        if (validation == null) {
            return null;
        }
        MetricSums[] parts = new MetricSums[validation.size()];
        int runs = Math.min(team.size(), parts.length);
        team.run(
                runs,
                run -> { // side by side, as a list that reads blocks from files reads those best
                    int end = EvenSplit.first(parts.length, runs, run + 1);
                    for (int i = EvenSplit.first(parts.length, runs, run); i < end; i++) {
                        parts[i] = measures.of(validation.get(i), ofParameters);
                    }
                });
        MetricSums sum = measures.none();
        for (MetricSums part : parts) { // in the order of the blocks
            sum.add(part);
        }
        return sum;
    }

    @Override
    public List<Metric> metrics() {
        return measures.metrics();
    }

    @Override
    public void close() {
        team.close();
    }
}
