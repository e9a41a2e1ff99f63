package dev.backdraft.train;

/** Receives the progress of a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    /** An epoch has ended. */
    void epochEnded(EpochResult result);

    /**
     * A training starts or resumes.
     *
     * @param fit what has been determined from the data
     * @param state the state that it starts from; read
     */
    default void started(Fit fit, TrainingState state) {}

    /**
     * A step of an epoch is done. Called between steps, so it should return quickly.
     *
     * @param epoch counted from 1
     * @param steps number of finished steps of this epoch
     * @param stepsPerEpoch number of steps per epoch
     */
    default void stepDone(int epoch, long steps, long stepsPerEpoch) {}

    /**
     * An update is done, which is not the last of its epoch. Called between steps, so it should return quickly.
     *
     * @param state read, or {@link Checkpoint#write written}
     */
    default void stepDone(TrainingState state) {}

    /**
     * An epoch has ended.
     *
     * @param state read, {@link Checkpoint#write written}, or {@link TrainingState#stop stopped}
     */
    default void epochEnded(EpochResult result, TrainingState state) {
        epochEnded(result);
    }

    /**
     * The best epoch is known, and a second training begins, which makes the model: {@link EarlyStopping#refit}. Its
     * epochs are told to the listener {@link #ofRefit} only.
     *
     * @param rows all rows, on which it trains
     * @param epochs that it runs for
     */
    default void refitStarted(long rows, int epochs) {}

    /** Receives the progress of a second training, after {@link #refitStarted}; by default, nobody does. */
    default TrainingListener ofRefit() {
        return result -> {};
    }

    /**
     * A training with {@link OnDivergence#ROLLBACK} has gone back to the end of its last epoch, or to its start.
     *
     * @param cause what was not finite
     * @param state that it continues from, with half the learning rate; read
     */
    default void rolledBack(DivergedException cause, TrainingState state) {}

    /** The training has ended, and its model will be created next. Not called when training failed. */
    default void ended(TrainingEnd end) {}
}
