package dev.backdraft.train;

/** Told of the progress of a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    void epochEnded(EpochResult result);

    /**
     * A training begins, or goes on.
     *
     * @param fit what is settled about it
     * @param state that it starts from; read
     */
    default void started(Fit fit, TrainingState state) {}

    /**
     * Likewise, with where the training stands.
     *
     * @param state read, {@link Checkpoint#write written}, or {@link TrainingState#stop stopped}
     */
    default void epochEnded(EpochResult result, TrainingState state) {
        epochEnded(result);
    }

    /** The training has ended, and its model is made next. Not told when it failed. */
    default void ended(TrainingEnd end) {}
}
