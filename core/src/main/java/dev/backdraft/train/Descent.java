package dev.backdraft.train;

import dev.backdraft.loss.Loss;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.network.StatisticsUpdate;
import dev.backdraft.optim.ElementwiseOptimizer;
import dev.backdraft.optim.MaxNorm;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.WeightDecay;

/** The updates of one training: scratch around its state. */
final class Descent {
    private static final int RUN = 16_384; // floats: with a rule's vectors they stay in a core's cache

    private final StatisticsUpdate statistics;
    private final Loss loss;
    private final TrainingConfig config;
    private final double rows;
    private final GradientSource source;
    private final TrainingState state;
    private final Optimizer optimizer;
    private final ElementwiseOptimizer elementwise; // the same, or null when it looks at more than an entry at a time
    private final ParameterLayout groups;
    private final WeightDecay decay;
    private final MaxNorm maxNorm; // null for none
    private final float[] mean;
    private final float[] ahead; // where a rule that looks ahead wants the gradient
    private final RangeTask prepare = this::prepare;
    private final RangeTask move = this::move;
    private final RangeTask prepareAndMove = this::prepareAndMove;
    private GradientSum total; // of several steps

    private GradientSum sum; // of the present update, as what follows
    private float[] point;
    private float slope;
    private double rate;

    /**
     * @param rows of the training set, that penalties are divided by
     * @param state moved by each update
     */
    Descent(Network network, Loss loss, TrainingConfig config, long rows, GradientSource source, TrainingState state) {
        this.loss = loss;
        this.config = config;
        this.rows = rows;
        this.source = source;
        this.state = state;
        optimizer = config.optimizer();
        elementwise = optimizer instanceof ElementwiseOptimizer rule ? rule : null;
        groups = state.optimizer().layout();
        decay = new WeightDecay(config.weightDecay());
        maxNorm = config.maxNorm() == 0 ? null : new MaxNorm(config.maxNorm());
        mean = new float[state.parameters().length];
        ahead = new float[mean.length];
        statistics = new StatisticsUpdate(network, mean, state.parameters());
    }

    /**
     * Makes one update of the rows of {@code count} steps from this one on.
     *
     * @param losses those of the rows are added
     * @throws DivergedException when the loss is not finite
     */
    void update(int epoch, long step, long count, double learningRate, LossSum losses) {
        float[] parameters = state.parameters();
        rate = learningRate;
        point = optimizer.gradientPoint(state.optimizer(), rate, parameters, ahead);
        sum = gather(epoch, step, count);
        double meanLoss = sum.losses().meanLoss();
        boolean trial = optimizer.searchesLine() && state.updates() > 0; // one that went too far, and comes back
        if (!Double.isFinite(meanLoss) && !trial) {
            throw new DivergedException(
                    "the loss is " + meanLoss, epoch, step, rate, sum.losses().weight());
        }
        losses.add(sum.losses());
        slope = (float) loss.objectiveSlope(meanLoss);
        if (optimizer.searchesLine()) {
            double penalty = config.penalty().value(groups, point, rows);
            state.optimizer().observe(loss.objective(meanLoss) + penalty);
        }
        step(parameters);
        if (maxNorm != null) {
            maxNorm.apply(groups, parameters);
        }
        sum.meanGradient(mean, groups.parameterCount(), mean.length);
        statistics.step();
        state.updated();
        if (state.average() != null) {
            state.average().stepEnded(epoch, parameters);
        }
    }

    private GradientSum gather(int epoch, long step, long count) {
        if (count == 1) {
            return source.gradient(epoch, step, point);
        }
        if (total == null) {
            total = new GradientSum(mean.length);
        }
        total.clear();
        for (long i = 0; i < count; i++) {
            total.add(source.gradient(epoch, step + i, point));
        }
        return total;
    }

    /** The parameters' part of an update: in one pass over memory, unless something must know the whole gradient before. */
    private void step(float[] parameters) {
        int count = groups.parameterCount();
        if (elementwise != null && config.clipping().norm() == 0) {
            elementwise.begin(state.optimizer());
            source.overRanges(count, prepareAndMove);
            return;
        }
        source.overRanges(count, prepare);
        config.clipping().apply(count, mean);
        if (elementwise != null) {
            elementwise.begin(state.optimizer());
            source.overRanges(count, move);
        } else {
            regularize(0, count);
            optimizer.step(state.optimizer(), rate, mean, parameters);
        }
    }

    private void prepareAndMove(int from, int to) {
        for (int start = from; start < to; start += RUN) {
            int end = Math.min(to, start + RUN);
            prepare(start, end);
            config.clipping().clipValues(mean, start, end);
            move(start, end);
        }
    }

    /** From the sum over the rows to the gradient of what is minimized. */
    private void prepare(int from, int to) {
        sum.meanGradient(mean, from, to);
        if (slope != 1) {
            for (int i = from; i < to; i++) {
                mean[i] *= slope;
            }
        }
    }

    private void move(int from, int to) {
        regularize(from, to);
        elementwise.update(state.optimizer(), rate, mean, state.parameters(), from, to);
    }

    private void regularize(int from, int to) {
        config.penalty().addGradient(groups, point, rows, mean, from, to);
        decay.apply(groups, rate, state.parameters(), from, to);
    }
}
