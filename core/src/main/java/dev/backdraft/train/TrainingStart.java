package dev.backdraft.train;

import java.io.IOException;

/** Where a training starts, once its fit is known: anew, or from a {@link Checkpoint}. */
@FunctionalInterface
public interface TrainingStart {
    /** The state that the first step starts from. */
    TrainingState of(Fit fit) throws IOException;

    /** From parameters drawn by the configuration's seed. */
    static TrainingStart anew() {
        return fit -> TrainingState.start(fit.network(), fit.config());
    }
}
