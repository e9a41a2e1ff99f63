package dev.backdraft.train.engine;

import dev.backdraft.network.LossSum;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.Fit;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;

/** Updates one after another, at rates that the caller chooses; goes through the rows as often as that takes. */
final class UpdateRun {
    private final Fit fit;
    private final TrainingState state;
    private final ParameterUpdate update;
    private final long stepsPerEpoch;
    private final long stepsPerUpdate;
    private int epoch;
    private long step;

    /** @param epoch the first, which decides how the rows are shuffled */
    UpdateRun(PreparedTraining training, TrainingState state, int epoch) {
        fit = training.fit();
        this.state = state;
        this.epoch = epoch;
        TrainingConfig config = fit.config().withOnDivergence(OnDivergence.STOP);
        update = new ParameterUpdate(fit.network(), fit.loss(), config, training.layout(), training.source(), state);
        stepsPerEpoch = training.layout().stepsPerEpoch();
        stepsPerUpdate = Math.min(stepsPerEpoch, fit.config().accumulation());
    }

    /**
     * Makes one update.
     *
     * @return the objective of the mean loss over its rows, before the update
     * @throws DivergedException when that is not finite
     */
    double update(double rate) {
        LossSum losses = new LossSum();
        update.run(epoch, step, Math.min(stepsPerUpdate, stepsPerEpoch - step), rate, losses);
        step += stepsPerUpdate;
        if (step >= stepsPerEpoch) {
            step = 0;
            epoch++;
        }
        return fit.loss().objective(losses.meanLoss());
    }

    /** The parameters that a model would have now; read. */
    float[] parameters() {
        return state.averaged();
    }
}
