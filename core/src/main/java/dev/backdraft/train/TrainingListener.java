package dev.backdraft.train;

/** Told of the progress of a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    /** An epoch has ended. */
    void epochEnded(EpochResult result);

    /**
     * A training begins, or goes on.
     *
     * @param fit what is settled about it
     * @param state that it starts from; read
     */
    default void started(Fit fit, TrainingState state) {}

    /**
     * A step of an epoch has been taken. Called between steps, so it should return at once.
     *
     * @param epoch counted from 1
     * @param steps of this epoch that are done
     * @param stepsPerEpoch steps that an epoch has
     */
    default void stepDone(int epoch, long steps, long stepsPerEpoch) {}

    /**
     * An epoch has ended.
     *
     * @param state read, {@link Checkpoint#write written}, or {@link TrainingState#stop stopped}
     */
    default void epochEnded(EpochResult result, TrainingState state) {
        epochEnded(result);
    }

    /** The training has ended, and its model is made next. Not told when it failed. */
    default void ended(TrainingEnd end) {}
}
