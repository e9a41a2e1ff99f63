package dev.backdraft.spark.cli;

import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.UncheckedIOException;

/** Writes checkpoints, every few epochs and at the end, and resumes from them. */
final class Checkpoints implements TrainingListener {
    private final OutputFile file;
    private final int every;
    private final boolean goesOn;
    private Fit fit;
    private boolean written; // after the last of all epochs

    /** @param every epochs; 0 for never */
    Checkpoints(OutputFile file, int every, boolean goesOn) {
        this.file = file;
        this.every = every;
        this.goesOn = goesOn;
    }

    /** Where the training starts. */
    TrainingStart start() {
        if (!goesOn) {
            return TrainingStart.fromScratch();
        }
        return settled -> {
            try (InputStream in = file.open()) {
                TrainingState state = Checkpoint.read(settled, in, file.name());
                if (state.epoch() > settled.config().epochs()) {
                    throw new UsageException(
                            "--epochs " + settled.config().epochs() + " are fewer than the " + state.epoch()
                                    + " that the checkpoint has finished: give a larger number, or train from scratch");
                }
                return state;
            }
        };
    }

    /** Says how to train longer, where that is possible: all epochs ran, and there is a checkpoint to continue from. */
    void suggestMore(PrintWriter console, RunDirectory directory) {
        boolean mayBeLonger = !fit.config().schedule().dependsOnTotal();
        if (written && mayBeLonger) {
            console.println("to train longer: "
                    + Launcher.command(directory.toResume() + " --epochs "
                            + 2 * fit.config().epochs()));
        }
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        if (!goesOn) {
            try {
                file.deleteIfExists(); // of the run that is overwritten
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        boolean isLast = state.epoch() == result.epochs() || state.isStopped();
        boolean isDue = every > 0 && state.epoch() % every == 0;
        if (isDue || (isLast && (every > 0 || goesOn))) { // else a resumed run would be resumed from its start again
            try {
                file.replace(out -> Checkpoint.write(state, fit, out));
                written = state.epoch() == result.epochs() && !state.isStopped();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
