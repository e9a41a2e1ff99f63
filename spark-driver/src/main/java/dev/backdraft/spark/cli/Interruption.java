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
    private Fit fit;
    // The rest is guarded by the lock.
    private TrainingState copy; // of the end of the last epoch; null before it, and where memory is too short
    private boolean tooLarge;
    private EpochResult last;
    private boolean requested;
    private boolean takenOver; // the thread of the signal saves; the one that trains writes nothing more
    private boolean ending; // the epoch has ended after the signal, and the thread that trains writes the model
    private boolean resumable; // a checkpoint of the last epoch has been written

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
        fit = settled;
        trainer = Thread.currentThread();
        synchronized (lock) {
            if (state.epoch() > 0 && state.step() == 0) {
                keep(state);
            }
        }
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        synchronized (lock) {
            if (takenOver) {
                throw new CancellationException("the training was interrupted");
            }
            last = result;
            if (requested) {
                ending = true;
                writeCheckpoint(state, false);
                state.abandon(REASON); // the checkpoint does not say so: a resumed training continues
            } else {
                keep(state);
            }
        }
    }

    @Override
    public void rolledBack(DivergedException cause, TrainingState state) {
        synchronized (lock) {
            if (copy != null && state.epoch() > 0) {
                state.copyTo(copy);
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
            if (copy == null || copy.epoch() == 0) {
                err.println("backdraft: "
                        + (tooLarge
                                ? "memory was too short to keep the last epoch, so nothing is saved since the last checkpoint"
                                : "no epoch had ended, so there is nothing to save" + before()));
                return;
            }
            writeCheckpoint(copy, true);
            copy.stop("it diverged");
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

    private void keep(TrainingState state) {
        if (tooLarge) {
            return;
        }
        try {
            if (copy == null) {
                copy = TrainingState.start(fit.network(), fit.config());
            }
            state.copyTo(copy);
        } catch (OutOfMemoryError e) {
            tooLarge = true;
            copy = null;
            err.println(
                    "backdraft: too little memory for a copy of the training, so Ctrl-C will wait for the end of an epoch");
        }
    }

    /** @param rewinds whether a training that continues must not begin after this state */
    private void writeCheckpoint(TrainingState state, boolean rewinds) {
        try {
            resumable |= rewinds ? checkpoints.writeAsNewest(state) : checkpoints.writeUnlessNewer(state);
        } catch (IOException | RuntimeException | OutOfMemoryError e) { // the model must be saved all the same
            err.println("backdraft: " + e.getMessage());
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
            takenOver = !ending && (copy != null || last == null);
            if (takenOver) {
                save();
            }
        }
        if (isTakenOver()) {
            endTrainer();
            return;
        }
        if (!closed.await(SAVING_SECONDS, TimeUnit.SECONDS)) {
            err.println("backdraft: the training did not end within " + SAVING_SECONDS
                    + " s; nothing has been saved since" + " the last checkpoint");
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

    private void save() {
        if (last == null) {
            report();
            return;
        }
        writeCheckpoint(copy, false);
        copy.stop(REASON);
        try {
            Model model = fit.model(copy.result().clone(), TrainingEnd.of(fit.config(), copy));
            directory.model().replace(out -> ModelFile.write(model, out));
            report();
        } catch (IOException | RuntimeException | OutOfMemoryError e) {
            err.println("backdraft: cannot save what epoch " + last.epoch() + " has learned: " + e.getMessage());
        }
    }

    /** Says what has been saved, and how to continue. */
    void report() {
        synchronized (lock) {
            err.println(
                    last == null
                            ? "backdraft: interrupted before the first epoch ended, so there is nothing to save"
                                    + before()
                            : "backdraft: interrupted after epoch " + last.epoch() + " of " + last.epochs() + "; saved "
                                    + directory.model()
                                    + (resumable
                                            ? " and a checkpoint; continue with: "
                                                    + Launcher.command(directory.toResume())
                                            : ", but no checkpoint to continue from"));
        }
    }

    /** What can still be used. */
    private String before() {
        try {
            if (directory.hasCheckpoint()) {
                return "; continue from the last checkpoint with: " + Launcher.command(directory.toResume());
            }
        } catch (IOException e) {
            return earlier();
        }
        return earlier();
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
