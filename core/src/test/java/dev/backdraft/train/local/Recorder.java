package dev.backdraft.train.local;

import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/** Keeps what a training tells, and a checkpoint of each epoch. */
class Recorder implements TrainingListener {
    final List<EpochResult> epochs = new ArrayList<>();
    final List<byte[]> checkpoints = new ArrayList<>();
    final List<byte[]> midway = new ArrayList<>(); // checkpoints in the middle of epochs
    final List<String> rollbacks = new ArrayList<>();
    final List<String> refits = new ArrayList<>();
    Fit fit;
    TrainingEnd end;

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
    }

    @Override
    public void epochEnded(EpochResult result) {
        throw new IllegalStateException("the other one is called");
    }

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        epochs.add(result);
        checkpoints.add(checkpoint(state));
    }

    @Override
    public void stepDone(TrainingState state) {
        midway.add(checkpoint(state));
    }

    private byte[] checkpoint(TrainingState state) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            Checkpoint.write(state, fit, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toByteArray();
    }

    @Override
    public void rolledBack(DivergedException cause, TrainingState state) {
        rollbacks.add(cause.getMessage());
    }

    @Override
    public void refitStarted(long rows, int count) {
        refits.add(rows + " rows, " + count + " epochs");
    }

    @Override
    public void ended(TrainingEnd reached) {
        end = reached;
    }

    /** The last checkpoint. */
    byte[] last() {
        return checkpoints.get(checkpoints.size() - 1);
    }
}
