package dev.backdraft.train;

/** Told of the progress of a training, on the thread that trains. */
@FunctionalInterface
public interface TrainingListener {
    void epochEnded(EpochResult result);
}
