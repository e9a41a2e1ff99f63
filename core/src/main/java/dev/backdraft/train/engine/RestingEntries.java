package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.optim.AtZero;
import dev.backdraft.optim.ElementwiseOptimizer;
import dev.backdraft.optim.OptimizerState;
import dev.backdraft.tensor.TouchedColumns;
import dev.backdraft.train.TrainingConfig;

/**
 * Decides which entries an update may leave out because it would not change a bit of them: entries whose gradient is
 * +0, in a training whose stages all leave them alone. For optimizers that keep vectors, these are columns that no
 * batch has touched since the vectors were zero, as a moving average goes on moving when the gradient is zero again.
 * Not thread-safe.
 */
final class RestingEntries {
    private static final double LARGEST_RATE = 1e9; // 0 times a rate that overflows a float is NaN

    private final AtZero atZero;
    private final boolean penalty;
    private final OptimizerState optimizer;
    private TouchedColumns moving; // since the optimizer's vectors were zero; null at first
    private boolean allMove;

    RestingEntries(TrainingConfig config, OptimizerState optimizer) {
        atZero = atZero(config);
        penalty = !config.penalty().isNone();
        this.optimizer = optimizer;
    }

    private static AtZero atZero(TrainingConfig config) {
        boolean movesAll = !config.penalty().isNone() || config.weightDecay() > 0 || config.maxNorm() > 0;
        return !movesAll && config.optimizer() instanceof ElementwiseOptimizer elementwise
                ? elementwise.atZero()
                : AtZero.MOVES;
    }

    /**
     * Returns the entries that the next update has to go over; null for all. To be asked before each update.
     *
     * @param sum of that update; told when stages will write all of its entries
     * @param slope by which the mean gradient is multiplied
     */
    TouchedColumns touched(GradientSum sum, float slope, double learningRate) {
        boolean finite = slope >= 0
                && slope <= Float.MAX_VALUE
                && learningRate >= 0
                && learningRate <= LARGEST_RATE
                && sum.losses().weight() >= Float.MIN_NORMAL;
        TouchedColumns touched = !finite || atZero == AtZero.MOVES ? null : sum.touched();
        if (atZero == AtZero.RESTS_WITHOUT_STATE) {
            touched = withState(touched);
        }
        if (penalty || !finite) {
            sum.touchAll();
        }
        return touched;
    }

    /** Adds the columns that an earlier update has touched. */
    private TouchedColumns withState(TouchedColumns touched) {
        if (touched == null) {
            allMove = true;
        }
        if (allMove) {
            return null;
        }
        if (moving == null) {
            moving = touched.none();
            for (int slot = 0; slot < optimizer.slotCount() && optimizer.steps() > 0; slot++) {
                moving.touchNonzero(optimizer.slot(slot)); // of a checkpoint
            }
        }
        allMove = !moving.touchAll(touched);
        return allMove ? null : moving;
    }
}
