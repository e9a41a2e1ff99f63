package dev.backdraft.train;

import java.util.Locale;

/** What a training does when a loss or a gradient is not a finite number. */
public enum OnDivergence {
    /** Ends with a {@link DivergedException}. */
    STOP,
    /** Leaves the update out, and counts it. An epoch without any other update ends the training. */
    SKIP,
    /**
     * Goes back to the end of the last epoch, or to the start, and continues with half the learning rate. After {@value
     * #MOST_ROLLBACKS} times the training ends.
     */
    ROLLBACK;

    /** The number of rollbacks after which a training ends. */
    public static final int MOST_ROLLBACKS = 8;

    /**
     * Tells people of a rollback.
     *
     * @param state that the training continues from
     */
    public static String sentence(DivergedException cause, TrainingState state) {
        return String.format(
                Locale.ROOT,
                "went back to the %s (%d of at most %d times), and continues with %s of the learning rate; %s",
                state.step() > 0
                        ? "checkpoint of step " + state.updates()
                        : state.epoch() == 0 ? "start" : "end of epoch " + state.epoch(),
                state.rollbacks(),
                MOST_ROLLBACKS,
                state.rateFactor(),
                cause.getMessage());
    }
}
