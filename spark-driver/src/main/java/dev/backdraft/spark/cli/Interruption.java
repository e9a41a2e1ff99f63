package dev.backdraft.spark.cli;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Saves a training that Ctrl-C or SIGTERM ends: the weights of the last finished epoch become the model, and a checkpoint beside it
 * lets {@code --resume} continue. So does a training that has diverged.
 *
 * <p>The signal first asks the training to stop at the end of its epoch, where it saves itself as after the last epoch. If the
 * epoch takes longer than a few seconds, the thread of the signal saves a copy of the state that was taken when the last epoch
 * ended. Where memory is too short for a copy, it waits for the end of the epoch.
 *
 * <p>A {@linkplain TrainingListener#ofRefit second training} has no model before its end. When a signal ends it, the
 * model is that of the first training, and a checkpoint of each lets {@code --resume} continue the second.
 *
 * <p>The hook runs before Spark's own, which stops the session, as Hadoop runs hooks by priority.
 */
final class Interruption implements TrainingListener, AutoCloseable {
    private static final int PRIORITY = 100; // Spark's hooks have 40 and less
    private static final int GRACE_SECONDS = 5; // for the epoch to end
    private static final int SAVING_SECONDS = 60;
    private static final double SLOWER = 10; // divides the learning rate that has diverged
    private static final String REASON = "it was interrupted";

    private final RunDirectory directory;
    private final RunCheckpoints checkpoints;
    private final PrintWriter err;
    private final long graceMillis;
    private final Runnable hook = this::end;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object lock = new Object();
    private volatile Thread trainer; // the thread that trains
    // The rest is guarded by the lock.
    private final LastEpoch first = new LastEpoch();
    private LastEpoch second; // null before a second training begins
    private int epochsOfSecond;
    private boolean requested;
    private boolean takenOver; // saved as it was after the last epoch; the thread that trains writes nothing more
    private boolean ending; // the training ends with this epoch, or has ended: the thread that trains writes the model
    private boolean resumable; // checkpoints of the last epoch have been written

    Interruption(RunDirectory directory, RunCheckpoints checkpoints, PrintWriter err) {
        this(directory, checkpoints, err, TimeUnit.SECONDS.toMillis(GRACE_SECONDS));
        ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, GRACE_SECONDS + SAVING_SECONDS, TimeUnit.SECONDS);
    }

    /** Without a hook: {@link #end} is to be called. */
    Interruption(RunDirectory directory, RunCheckpoints checkpoints, PrintWriter err, long graceMillis) {
        this.directory = directory;
        this.checkpoints = checkpoints;
        this.err = err;
        this.graceMillis = graceMillis;
        trainer = Thread.currentThread();
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        trainer = Thread.currentThread();
        synchronized (lock) {
            first.started(settled, state);
        }
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        synchronized (lock) {
            checkNotTakenOver();
            first.ended(result);
            if (requested) {
                ending = true;
                resumable = isWritten(checkpoints::writeUnlessNewer, state);
                state.abandon(REASON); // the checkpoint does not say so: a resumed training continues
            } else {
                keep(first, state);
            }
        }
    }

    private void checkNotTakenOver() {
        if (takenOver) {
            throw new CancellationException("the training was interrupted");
        }
    }

    @Override
    public void rolledBack(DivergedException cause, TrainingState state) {
        synchronized (lock) {
            first.rolledBack(state);
        }
    }

    /** A signal that comes later must not replace the model, which may be that of a second training, or calibrated. */
    @Override
    public void ended(TrainingEnd end) {
        synchronized (lock) {
            checkNotTakenOver();
            ending = true;
        }
    }

    @Override
    public void refitStarted(long rows, int epochs) {
        synchronized (lock) {
            second = new LastEpoch();
            epochsOfSecond = epochs;
        }
    }

    @Override
    public TrainingListener ofRefit() {
        return new OfRefit();
    }

    /** Listens to the second training. */
    private final class OfRefit implements TrainingListener {
        @Override
        public void started(Fit settled, TrainingState state) {
            synchronized (lock) {
                second.started(settled, state);
            }
        }

        @Override
        public void epochEnded(EpochResult result) {}

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            synchronized (lock) {
                checkNotTakenOver();
                second.ended(result);
                if (!requested) {
                    keep(second, state);
                } else if (state.epoch() < epochsOfSecond) {
                    takenOver = true;
                    save(state);
                    checkNotTakenOver();
                } else { // the model will be its own
                    ending = true;
                    writeCheckpoints(state);
                }
            }
        }

        @Override
        public void rolledBack(DivergedException cause, TrainingState state) {
            synchronized (lock) {
                second.rolledBack(state);
            }
        }
    }

    /**
     * Saves the last epoch of a training that has diverged, and a checkpoint from which it may continue with other
     * settings.
     *
     * @param record of the run, which is finished
     */
    void saveLastGood(RunConfig record) throws IOException {
        synchronized (lock) {
            TrainingState copy = first.copy();
            if (copy == null || copy.epoch() == 0) {
                err.println("backdraft: "
                        + (first.isTooLarge()
                                ? "memory was too short to keep the last epoch, so nothing is saved since the last checkpoint"
                                : "no epoch had ended, so there is nothing to save" + before()));
                return;
            }
            resumable = isWritten(checkpoints::writeAsNewest, copy);
            copy.stop("it diverged");
            Fit fit = first.fit();
            TrainingEnd end = TrainingEnd.of(fit.config(), copy);
            Model model = fit.model(copy.result().clone(), end);
            directory.model().replace(out -> ModelFile.write(model, out));
            record.ended(end);
            record.finished(model, null);
            double slower = fit.config().learningRate() * copy.rateFactor() / SLOWER;
            err.println("backdraft: saved the weights of epoch " + end.figures().epoch() + " in " + directory.model()
                    + (resumable
                            ? "; continue with a smaller learning rate: "
                                    + Launcher.command(directory.toResume() + " --change learningRate=" + slower)
                            : ""));
        }
    }

    private void keep(LastEpoch training, TrainingState state) {
        if (!training.keep(state)) {
            err.println(
                    "backdraft: too little memory for a copy of the training, so Ctrl-C will wait for the end of an epoch");
        }
    }

    /** Writes a checkpoint. */
    private interface Writing {
        boolean isWritten(TrainingState state) throws IOException;
    }

    private boolean isWritten(Writing writing, TrainingState state) {
        try {
            return writing.isWritten(state);
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // the model must be saved all the same
            err.println("backdraft: " + e.getMessage());
            return false;
        }
    }

    /**
     * Writes a checkpoint of the first training, and of the second one once an epoch of it has ended.
     *
     * @param ofSecond its state at the end of an epoch; null before
     */
    private void writeCheckpoints(TrainingState ofSecond) {
        resumable = first.copy() == null ? hasCheckpoint() : isWritten(checkpoints::writeUnlessNewer, first.copy());
        if (ofSecond != null) {
            resumable &= isWritten(checkpoints::writeOfRefitUnlessNewer, ofSecond);
        }
    }

    /** Whether a signal has asked the training to end. */
    boolean isRequested() {
        synchronized (lock) {
            return requested;
        }
    }

    /** Whether the thread of the signal has saved the training, so that whatever the thread that trains meets is no error. */
    boolean isTakenOver() {
        synchronized (lock) {
            return takenOver;
        }
    }

    private boolean isEnding() {
        synchronized (lock) {
            return ending;
        }
    }

    /** Ends the training; on the thread of the signal. */
    void end() {
        synchronized (lock) {
            requested = true;
        }
        err.println();
        err.println("backdraft: stopping at the end of this epoch");
        try {
            if (!closed.await(graceMillis, TimeUnit.MILLISECONDS)) {
                takeOver();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the manager's time is up
        }
    }

    private void takeOver() throws InterruptedException {
        synchronized (lock) {
            LastEpoch now = second == null ? first : second;
            if (!takenOver && !ending && (now.copy() != null || now.result() == null)) {
                takenOver = true;
                save(second == null ? null : second.copy());
            }
        }
        if (isTakenOver()) {
            endTrainer();
            return;
        }
        if (!closed.await(SAVING_SECONDS, TimeUnit.SECONDS)) {
            err.println("backdraft: "
                    + (isEnding()
                            ? "the training has ended, but what follows it did not within " + SAVING_SECONDS + " s"
                            : "the training did not end within " + SAVING_SECONDS
                                    + " s; nothing has been saved since the last checkpoint"));
        }
    }

    /**
     * Has the thread that trains end its jobs and its session. Otherwise Spark's own hook would stop Spark while jobs
     * run, whose tasks and threads would then all complain. Some still do, such as a task that has just ended.
     */
    private void endTrainer() throws InterruptedException {
        if (ShutdownHookManager.get().isShutdownInProgress()) { // else this JVM goes on
            Logs.hideEndOfSpark();
        }
        trainer.interrupt();
        closed.await(graceMillis, TimeUnit.MILLISECONDS);
    }

    /** @param ofSecond state of the second training at the end of an epoch; null before */
    private void save(TrainingState ofSecond) {
        if (second == null && first.result() == null) {
            report();
            return;
        }
        writeCheckpoints(ofSecond);
        TrainingState copy = first.copy();
        if (copy == null) {
            err.println("backdraft: memory was too short to keep the first training, so its model is not saved"
                    + (resumable ? continuation() : ""));
            return;
        }
        copy.stop(REASON);
        try {
            Fit fit = first.fit();
            Model model = fit.model(copy.result().clone(), TrainingEnd.of(fit.config(), copy));
            directory.model().replace(out -> ModelFile.write(model, out));
            report();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            err.println("backdraft: cannot save what epoch " + copy.epoch() + " has learned: " + e.getMessage());
        }
    }

    /** Says what has been saved, and how to continue. */
    void report() {
        synchronized (lock) {
            String saved = "; saved " + directory.model() + (ofFirst() ? " of the first one" : "")
                    + (resumable ? " and a checkpoint" + continuation() : ", but no checkpoint to continue from");
            if (second != null) {
                err.println("backdraft: interrupted in the second training, " + progressOfSecond() + saved);
            } else if (first.result() != null) {
                err.println("backdraft: interrupted after epoch "
                        + first.result().epoch() + " of " + first.result().epochs() + saved);
            } else {
                err.println(
                        "backdraft: interrupted before the first epoch ended, so there is nothing to save" + before());
            }
        }
    }

    /** Whether the model that is saved is that of the first training, although a second one has begun. */
    private boolean ofFirst() {
        return second != null && takenOver;
    }

    private String progressOfSecond() {
        int epoch = second.result() != null
                ? second.result().epoch()
                : second.copy() != null ? second.copy().epoch() : 0;
        return epoch == 0 ? "before its first epoch ended" : "after epoch " + epoch + " of " + epochsOfSecond;
    }

    private String continuation() {
        return "; continue with: " + Launcher.command(directory.toResume());
    }

    /** What can still be used. */
    private String before() {
        return hasCheckpoint()
                ? "; continue from the last checkpoint with: " + Launcher.command(directory.toResume())
                : earlier();
    }

    private boolean hasCheckpoint() {
        try {
            return directory.hasCheckpoint();
        } catch (IOException e) {
            return false;
        }
    }

    private String earlier() {
        try {
            return directory.model().exists() ? "; " + directory.model() + " is still that of the earlier run" : "";
        } catch (IOException e) {
            return "";
        }
    }

    /** The training has ended and all is saved, or it has failed. */
    @Override
    public void close() {
        closed.countDown();
        if (!ShutdownHookManager.get().isShutdownInProgress()) {
            ShutdownHookManager.get().removeShutdownHook(hook);
        }
    }
}
