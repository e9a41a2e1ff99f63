package dev.backdraft.spark.cli;

import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;

/** Keeps where a training stands in the run's directory, every few epochs and at its end; and goes on from there. */
final class Checkpoints implements TrainingListener {
    private final RunDirectory directory;
    private final int every;
    private final boolean goesOn;
    private Fit fit;

    /** @param every epochs; 0 for never */
    Checkpoints(RunDirectory directory, int every, boolean goesOn) {
        this.directory = directory;
        this.every = every;
        this.goesOn = goesOn;
    }

    /** Where the training starts. */
    TrainingStart start() {
        if (!goesOn) {
            return TrainingStart.anew();
        }
        return settled -> {
            try (InputStream in = directory.open(RunDirectory.CHECKPOINT)) {
                TrainingState state = Checkpoint.read(settled, in, directory.file(RunDirectory.CHECKPOINT));
                if (state.epoch() > settled.config().epochs()) {
                    throw new UsageException("--epochs " + settled.config().epochs() + " are fewer than the "
                            + state.epoch() + " that the checkpoint has done: give more, or start anew");
                }
                return state;
            }
        };
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        if (!goesOn) {
            try {
                directory.delete(RunDirectory.CHECKPOINT); // of the run that is overwritten
            } catch (IOException e) {
                throw new UncheckedIOException("cannot delete " + directory.file(RunDirectory.CHECKPOINT), e);
            }
        }
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        boolean isLast = state.epoch() == result.epochs() || state.isStopped();
        if (every > 0 && (state.epoch() % every == 0 || isLast)) {
            try {
                directory.replace(RunDirectory.CHECKPOINT, out -> Checkpoint.write(state, fit, out));
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + directory.file(RunDirectory.CHECKPOINT), e);
            }
        }
    }
}
