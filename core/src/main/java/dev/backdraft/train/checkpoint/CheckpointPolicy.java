package dev.backdraft.train.checkpoint;

import dev.backdraft.json.Require;

/**
 * When checkpoints are written, and how many are kept.
 *
 * @param interval null to write none during the training
 * @param keep number of checkpoints that are kept, the newest ones; with early stopping, each of them has the best
 *     weights, too
 * @param onFailure what is done when one cannot be written
 */
public record CheckpointPolicy(CheckpointInterval interval, int keep, OnFailure onFailure) {
    /** Two, so that one is left when the newest is damaged. */
    public static final int KEPT = 2;

    /** What to do when a checkpoint cannot be written. */
    public enum OnFailure {
        /** The training ends with the failure. */
        STOP,
        /** The training continues with a warning. */
        CONTINUE
    }

    public CheckpointPolicy {
        Require.atLeast(1, "the number of checkpoints to keep", keep);
    }

    /** Keeps two, and stops when one cannot be written. */
    public static CheckpointPolicy every(CheckpointInterval interval) {
        return new CheckpointPolicy(interval, KEPT, OnFailure.STOP);
    }
}
