package dev.backdraft.train;

import dev.backdraft.loss.Loss;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.MaxNorm;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.WeightDecay;

/** The updates of one training: scratch around its state. */
final class Descent {
    private final Network network;
    private final Loss loss;
    private final TrainingConfig config;
    private final double rows;
    private final GradientSource source;
    private final TrainingState state;
    private final Optimizer optimizer;
    private final ParameterLayout groups;
    private final WeightDecay decay;
    private final MaxNorm maxNorm; // null for none
    private final float[] mean;
    private final float[] ahead; // where a rule that looks ahead wants the gradient
    private GradientSum total; // of several steps

    /**
     * @param rows of the training set, that penalties are divided by
     * @param state moved by each update
     */
    Descent(Network network, Loss loss, TrainingConfig config, long rows, GradientSource source, TrainingState state) {
        this.network = network;
        this.loss = loss;
        this.config = config;
        this.rows = rows;
        this.source = source;
        this.state = state;
        optimizer = config.optimizer();
        groups = state.optimizer().layout();
        decay = new WeightDecay(config.weightDecay());
        maxNorm = config.maxNorm() == 0 ? null : new MaxNorm(config.maxNorm());
        mean = new float[state.parameters().length];
        ahead = new float[mean.length];
    }

    /**
     * Makes one update of the rows of {@code count} steps from this one on.
     *
     * @param losses those of the rows are added
     * @throws DivergedException when the loss is not finite
     */
    void update(int epoch, long step, long count, double rate, LossSum losses) {
        float[] parameters = state.parameters();
        float[] point = optimizer.gradientPoint(state.optimizer(), rate, parameters, ahead);
        GradientSum sum = gather(epoch, step, count, point);
        double meanLoss = sum.losses().meanLoss();
        boolean trial = optimizer.searchesLine() && state.updates() > 0; // one that went too far, and comes back
        if (!Double.isFinite(meanLoss) && !trial) {
            throw new DivergedException("the loss is " + meanLoss, epoch, step, rate);
        }
        losses.add(sum.losses());
        sum.meanGradient(mean);
        scale(loss.objectiveSlope(meanLoss));
        config.clipping().apply(groups.parameterCount(), mean);
        config.penalty().addGradient(groups, point, rows, mean);
        decay.apply(groups, rate, parameters);
        if (optimizer.searchesLine()) {
            double penalty = config.penalty().value(groups, point, rows);
            state.optimizer().observe(loss.objective(meanLoss) + penalty);
        }
        optimizer.step(state.optimizer(), rate, mean, parameters);
        if (maxNorm != null) {
            maxNorm.apply(groups, parameters);
        }
        network.updateStatistics(mean, parameters);
        state.updated();
        if (state.average() != null) {
            state.average().stepEnded(epoch, parameters);
        }
    }

    private GradientSum gather(int epoch, long step, long count, float[] point) {
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

    /** Multiplies the gradient, not the statistics behind it. */
    private void scale(double slope) {
        if (slope != 1) {
            for (int i = 0; i < groups.parameterCount(); i++) {
                mean[i] = (float) (slope * mean[i]);
            }
        }
    }
}
