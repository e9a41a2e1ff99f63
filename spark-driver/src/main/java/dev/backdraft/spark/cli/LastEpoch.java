package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingState;

/**
 * A copy of a training at the end of its last epoch. Where memory is too short for a copy, there is none. Not
 * thread-safe: {@link Interruption} guards it.
 */
final class LastEpoch {
    private Fit fit;
    private EpochResult result; // of this process; null before an epoch has ended
    private TrainingState copy; // null before the end of an epoch, and where memory is too short
    private boolean tooLarge;

    void started(Fit settled, TrainingState state) {
        fit = settled;
        if (state.epoch() > 0 && state.step() == 0) {
            keep(state);
        }
    }

    void ended(EpochResult newResult) {
        result = newResult;
    }

    /** Copies a state; false when memory has just been found to be too short. */
    boolean keep(TrainingState state) {
        if (tooLarge) {
            return true;
        }
        try {
            if (copy == null) {
                copy = TrainingState.start(fit.network(), fit.config());
            }
            state.copyTo(copy);
            return true;
        } catch (OutOfMemoryError e) {
            tooLarge = true;
            copy = null;
            return false;
        }
    }

    void rolledBack(TrainingState state) {
        if (copy != null && state.epoch() > 0) {
            state.copyTo(copy);
        }
    }

    Fit fit() {
        return fit;
    }

    /** Figures of the last epoch that ended in this process; null before. */
    EpochResult result() {
        return result;
    }

    /** The state at the end of the last epoch; null before, and where memory is too short. */
    TrainingState copy() {
        return copy;
    }

    boolean isTooLarge() {
        return tooLarge;
    }
}
