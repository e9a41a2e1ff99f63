package dev.backdraft.spark.cli;

import dev.backdraft.model.ModelFileException;
import dev.backdraft.spark.storage.StoredCheckpoints;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.checkpoint.CheckpointPolicy;
import dev.backdraft.train.checkpoint.Checkpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Set;

/** The checkpoints of a run: {@link Checkpoints} with the messages of the command line. */
final class RunCheckpoints implements TrainingListener, AutoCloseable {
    private static final String CHANGE =
            "; or change the settings on purpose, by --change KEY=VALUE instead of their options";

    private final RunDirectory directory;
    private final Checkpoints checkpoints;
    private final boolean resumes;
    private Fit fit;
    private Checkpoints second; // of a second training; null before it begins
    private boolean complete; // a checkpoint has been written after the last of all epochs

    RunCheckpoints(RunDirectory directory, CheckpointPolicy policy, boolean resumes, PrintWriter err) {
        this.directory = directory;
        this.resumes = resumes;
        checkpoints = new Checkpoints(
                StoredCheckpoints.of(directory.checkpoints()), policy, warning -> err.println("backdraft: " + warning));
    }

    /**
     * Where the training starts.
     *
     * @param changed keys of settings that may differ from the checkpoint's
     */
    TrainingStart start(Set<String> changed) {
        if (!resumes) {
            return TrainingStart.fromScratch();
        }
        TrainingStart newest = checkpoints.start(changed);
        TrainingStart checked = settled -> {
            TrainingState state;
            try {
                state = newest.of(settled);
            } catch (ModelFileException e) {
                if (mayChange(settled)) {
                    throw new UsageException(e.getMessage() + CHANGE);
                }
                throw e;
            }
            boolean begun = state.step() > 0;
            if (state.epoch() + (begun ? 1 : 0) > settled.config().epochs()) {
                throw new UsageException("--epochs " + settled.config().epochs() + " are fewer than the "
                        + (begun ? state.epoch() + " and a part" : state.epoch())
                        + " that the checkpoint has finished: give a larger number, or train from scratch");
            }
            return state;
        };
        return checked.withRefit(newest.ofRefit());
    }

    /** Whether the checkpoint could be used if all that may change on purpose did. */
    private boolean mayChange(Fit settled) throws IOException {
        try {
            return checkpoints.newest(settled, Set.copyOf(Checkpoint.changeable())) != null;
        } catch (ModelFileException e) {
            return false;
        }
    }

    /** Says how to train longer, where that is possible: all epochs ran, and there is a checkpoint to continue from. */
    void suggestMore(PrintWriter console) {
        boolean mayBeLonger = fit.config().schedulesOfTotal().isEmpty();
        if (complete && mayBeLonger) {
            console.println("to train longer: "
                    + Launcher.command(directory.toResume() + " --epochs "
                            + 2 * fit.config().epochs()));
        }
    }

    /** Writes one, unless there is one of this state or a later one; false when that is not possible. */
    boolean writeUnlessNewer(TrainingState state) throws IOException {
        return checkpoints.writeUnlessNewer(state);
    }

    /** As {@link #writeUnlessNewer}, for the second training, which has begun. */
    boolean writeOfRefitUnlessNewer(TrainingState state) throws IOException {
        return second.writeUnlessNewer(state);
    }

    /** Writes one that is the newest from now on; false when that is not possible. */
    boolean writeAsNewest(TrainingState state) throws IOException {
        return checkpoints.writeAsNewest(state);
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        checkpoints.started(settled, state);
    }

    @Override
    public TrainingListener ofRefit() {
        second = checkpoints.ofRefit();
        return second;
    }

    @Override
    public void stepDone(TrainingState state) {
        checkpoints.stepDone(state);
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        checkpoints.epochEnded(result, state);
        complete = checkpoints.isWritten(state) && state.epoch() == result.epochs() && !state.isStopped();
    }

    /** Waits for the checkpoint that is being written. */
    @Override
    public void close() {
        checkpoints.close();
    }
}
