package dev.backdraft.train.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.loss.Loss;
import dev.backdraft.network.FlatLayout;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.tensor.TouchedColumns;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.StepFactor;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.util.List;

/**
 * Updates the parameters of one training: sums the gradient over the rows of an update, runs the {@linkplain UpdateStage#of stages}
 * that turn the sum into a step, and updates the running statistics of the layers. Not thread-safe.
 */
public final class ParameterUpdate {
    private static final int RUN = 16_384; // floats: with an optimizer's vectors they stay in a core's cache

    private final Loss loss;
    private final TrainingConfig config;
    private final double rows;
    private final long stepsPerEpoch;
    private final StepFactor decay;
    private final StepFactor dropout;
    private final GradientSource source;
    private final TrainingState state;
    private final FiniteGradient look; // null when updates are skipped, which must not change anything
    private final List<UpdateStage> stages;
    private final FlatLayout layout;
    private final RestingEntries resting;
    private final float[] ahead; // where an optimizer that looks ahead wants the gradient; else null
    private DivergedException lastSkipped; // or null
    private GradientSum total; // of several steps of the layout; made when it is needed

    /**
     * An update for a training whose epochs are one step.
     *
     * @param rows of the training set, by which penalties are divided
     * @param state changed by each update
     */
    public ParameterUpdate(
            Network network, Loss loss, TrainingConfig config, long rows, GradientSource source, TrainingState state) {
        this(network, loss, config, BatchLayout.of(rows, BatchLayout.FULL_BATCH, 1), source, state);
    }

    /**
     * An update for this training.
     *
     * @param steps the steps of its epochs, and its rows, by whose number penalties are divided
     * @param state changed by each update
     */
    public ParameterUpdate(
            Network network,
            Loss loss,
            TrainingConfig config,
            BatchLayout steps,
            GradientSource source,
            TrainingState state) {
        this.loss = loss;
        this.config = config;
        rows = steps.rows();
        stepsPerEpoch = steps.stepsPerEpoch();
        decay = config.weightDecayFactor();
        dropout = config.dropoutFactor();
        this.source = source;
        this.state = state;
        look = config.onDivergence() == OnDivergence.SKIP ? null : new FiniteGradient();
        stages = UpdateStage.of(config, look);
        resting = new RestingEntries(config, state.optimizer());
        ahead = config.optimizer().looksAhead() ? new float[state.parameters().length] : null;
        layout = network.layout();
    }

    /**
     * Makes one update by the rows of some steps of the layout.
     *
     * @param step the first of them, counted from 0 within the epoch
     * @param count number of steps
     * @param losses the losses of the rows are added
     * @throws DivergedException when the loss or an entry of the gradient is not finite, unless such updates are to be
     *     skipped
     */
    public void run(int epoch, long step, long count, double learningRate, LossSum losses) {
        float[] parameters = state.parameters();
        Optimizer optimizer = config.optimizer();
        float[] point = ahead == null
                ? parameters
                : optimizer.gradientPoint(state.optimizer(), learningRate, parameters, ahead);
        dropout.at(epoch, step + count - 1, stepsPerEpoch); // a bad factor fails here, not where gradients are computed
        GradientSum sum = gradientSum(epoch, step, count, point);
        double meanLoss = sum.losses().meanLoss();
        boolean trial = optimizer.searchesLine() && state.updates() > 0; // one that went too far, and comes back
        DivergedException failure = trial ? null : failure(sum, meanLoss, point, epoch, step, learningRate);
        if (failure != null) {
            skip(failure);
            return;
        }
        losses.add(sum.losses());
        float slope = (float) loss.objectiveSlope(meanLoss);
        UpdateNumbers numbers = new UpdateNumbers(
                sum,
                resting.touched(sum, slope, learningRate),
                slope,
                loss.objective(meanLoss),
                rows,
                learningRate,
                decay.at(epoch, step, stepsPerEpoch),
                point,
                parameters,
                state.optimizer());
        runStages(numbers);
        if (look != null && look.firstOther() >= 0 && !trial) {
            throw diverged(
                    sum,
                    "a gradient is not finite",
                    Divergence.inGradient(layout, sum.gradient(), look.firstOther()),
                    epoch,
                    step,
                    learningRate);
        }
        sum.divide(numbers.parameterCount(), parameters.length); // batch statistics, after the parameters
        layout.updateStatistics(sum.gradient(), parameters);
        state.updated();
        if (state.average() != null) {
            state.average().stepEnded(epoch, parameters);
        }
    }

    /** What is not finite of a sum, as far as no stage looks at it; null when all is. */
    private DivergedException failure(
            GradientSum sum, double meanLoss, float[] point, int epoch, long step, double learningRate) {
        boolean lossIsFinite = Double.isFinite(meanLoss);
        float[] gradient = sum.gradient();
        int parameterCount = layout.parameterCount();
        if (lossIsFinite
                && Divergence.isFinite(gradient, parameterCount, gradient.length) // statistics
                && (look != null || Divergence.isFinite(sum, parameterCount, source))) {
            return null;
        }
        return diverged(
                sum,
                lossIsFinite ? "a gradient is not finite" : "the loss is " + meanLoss,
                Divergence.where(layout, point, gradient, sum.losses().weight()),
                epoch,
                step,
                learningRate);
    }

    private static DivergedException diverged(
            GradientSum sum, String what, String where, int epoch, long step, double learningRate) {
        return new DivergedException(
                what, where, epoch, step, learningRate, sum.losses().weight());
    }

    /** Skips an update, if the configuration says so. */
    private void skip(DivergedException failure) {
        if (config.onDivergence() != OnDivergence.SKIP) {
            throw failure;
        }
        lastSkipped = failure;
        state.skipped();
    }

    /** What was not finite in the last update that was skipped; null when none was. */
    DivergedException lastSkipped() {
        return lastSkipped;
    }

    /**
     * Checks the parameters after an update.
     *
     * @throws DivergedException when one is not finite
     */
    public void check(int epoch, double learningRate, double weight) {
        Divergence.check(layout, state.parameters(), epoch, 0, learningRate, weight);
    }

    private GradientSum gradientSum(int epoch, long step, long count, float[] point) {
        if (count == 1) {
            return source.gradient(epoch, step, point);
        }
        if (total == null) {
            total = new GradientSum(point.length);
        }
        for (long i = 0; i < count; i++) {
            GradientSum part = source.gradient(epoch, step + i, point);
            if (i == 0) {
                total.clear(part);
            }
            total.add(part);
        }
        return total;
    }

    /** Runs the stages in their order, neighbors that work on ranges in one pass over memory. */
    private void runStages(UpdateNumbers numbers) {
        int length = numbers.parameterCount();
        int first = 0;
        while (first < stages.size()) {
            int end = first;
            while (end < stages.size() && stages.get(end).worksOnRanges()) {
                stages.get(end).begin(numbers);
                end++;
            }
            if (end > first) {
                List<UpdateStage> fused = stages.subList(first, end);
                source.overRanges(length, (from, to) -> runFused(fused, numbers, from, to));
                first = end;
            } else {
                stages.get(first).begin(numbers);
                stages.get(first).run(numbers, 0, length);
                first++;
            }
        }
    }

    private static void runFused(List<UpdateStage> fused, UpdateNumbers numbers, int from, int to) {
        TouchedColumns touched = numbers.touched();
        if (touched == null) {
            runInCache(fused, numbers, from, to);
            return;
        }
        for (int start = touched.start(from); start < to; ) {
            int end = Math.min(to, touched.end(start));
            runInCache(fused, numbers, start, end);
            start = touched.start(end);
        }
    }

    private static void runInCache(List<UpdateStage> fused, UpdateNumbers numbers, int from, int to) {
        for (int start = from; start < to; start += RUN) {
            int end = Math.min(to, start + RUN);
            for (int i = 0; i < fused.size(); i++) {
                fused.get(i).run(numbers, start, end);
            }
        }
    }
}
