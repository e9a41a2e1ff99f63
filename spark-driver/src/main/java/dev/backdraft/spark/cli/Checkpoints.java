package dev.backdraft.spark.cli;

import dev.backdraft.model.ModelFileException;
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
import java.util.Set;

/** Writes checkpoints, every few epochs and at the end, and resumes from them. */
final class Checkpoints implements TrainingListener {
    private static final String CHANGE =
            "; or change the settings on purpose, by --change KEY=VALUE instead of their options";

    private final OutputFile file;
    private final int every;
    private final boolean goesOn;
    private final Set<String> changed;
    private Fit fit;
    private boolean written; // after the last of all epochs

    /**
     * @param every epochs; 0 for never
     * @param changed keys of settings that may differ from the checkpoint's
     */
    Checkpoints(OutputFile file, int every, boolean goesOn, Set<String> changed) {
        this.changed = changed;
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
                TrainingState state = Checkpoint.read(settled, in, file.name(), changed);
                if (state.epoch() > settled.config().epochs()) {
                    throw new UsageException(
                            "--epochs " + settled.config().epochs() + " are fewer than the " + state.epoch()
                                    + " that the checkpoint has finished: give a larger number, or train from scratch");
                }
                return state;
            } catch (ModelFileException e) {
                if (mayChange(settled)) {
                    throw new UsageException(e.getMessage() + CHANGE);
                }
                throw e;
            }
        };
    }

    /** Whether the checkpoint could be used if all that may change on purpose did. */
    private boolean mayChange(Fit settled) throws IOException {
        try (InputStream in = file.open()) {
            Checkpoint.read(settled, in, file.name(), Set.copyOf(Checkpoint.changeable()));
            return true;
        } catch (ModelFileException e) {
            return false;
        }
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
