package dev.backdraft.spark.cli;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.hadoop.util.ShutdownHookManager;

/**
 * Saves a training that Ctrl-C or SIGTERM ends: the weights of the last finished epoch become the model, and a checkpoint beside it
 * lets {@code --resume} continue.
 *
 * <p>The signal first asks the training to stop at the end of its epoch, where it saves itself as after the last epoch. If the
 * epoch takes longer than a few seconds, the thread of the signal saves a copy of the state that was taken when the last epoch
 * ended. Only long epochs take such a copy.
 *
 * <p>The hook runs before Spark's own, which stops the session, as Hadoop runs hooks by priority.
 */
final class Interruption implements TrainingListener, AutoCloseable {
    private static final int PRIORITY = 100; // Spark's hooks have 40 and less
    private static final int GRACE_SECONDS = 5; // for the epoch to end
    private static final int SAVING_SECONDS = 60;
    private static final double LONG_EPOCH_SECONDS = 1;
    private static final String REASON = "it was interrupted";

    private final RunDirectory directory;
    private final PrintWriter err;
    private final Runnable hook = this::end;
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Object lock = new Object();
    private Fit fit;
    // The rest is guarded by the lock.
    private byte[] copy; // a checkpoint of the last epoch, if it was long
    private EpochResult last;
    private boolean requested;
    private boolean takenOver; // the thread of the signal saves; the one that trains writes nothing more

    Interruption(RunDirectory directory, PrintWriter err) {
        this.directory = directory;
        this.err = err;
        ShutdownHookManager.get().addShutdownHook(hook, PRIORITY, GRACE_SECONDS + SAVING_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
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
            copy = null;
            try {
                if (requested) {
                    directory.checkpoint().replace(out -> Checkpoint.write(state, fit, out));
                    state.stop(REASON); // the checkpoint does not say so: a resumed training continues
                } else if (result.seconds() > LONG_EPOCH_SECONDS) {
                    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                    Checkpoint.write(state, fit, bytes);
                    copy = bytes.toByteArray();
                }
            } catch (IOException e) {
                throw new UncheckedIOException("cannot write " + directory.checkpoint(), e);
            }
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

    /** On the thread of the signal. */
    private void end() {
        synchronized (lock) {
            requested = true;
        }
        err.println();
        err.println("backdraft: stopping at the end of this epoch");
        try {
            if (!closed.await(GRACE_SECONDS, TimeUnit.SECONDS)) {
                takeOver();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // the manager's time is up
        }
    }

    private void takeOver() throws InterruptedException {
        synchronized (lock) {
            takenOver = copy != null || last == null; // else an epoch has just ended, and is being saved
            if (takenOver) {
                save();
                return;
            }
        }
        closed.await(SAVING_SECONDS, TimeUnit.SECONDS);
    }

    private void save() {
        if (last == null) {
            err.println("backdraft: no epoch has ended yet, so there is nothing to save");
            return;
        }
        try {
            TrainingState state = Checkpoint.read(fit, new ByteArrayInputStream(copy), "the last epoch");
            state.stop(REASON);
            Model model = fit.model(state.result(), TrainingEnd.of(fit.config(), state));
            directory.model().replace(out -> ModelFile.write(model, out));
            directory.checkpoint().replace(out -> out.write(copy));
            report();
        } catch (IOException e) {
            err.println("backdraft: cannot save what epoch " + last.epoch() + " has learned: " + e.getMessage());
        }
    }

    /** Says what has been saved, and how to continue. */
    void report() {
        synchronized (lock) {
            err.println(
                    last == null
                            ? "backdraft: interrupted before the first epoch ended"
                            : "backdraft: interrupted after epoch " + last.epoch() + " of " + last.epochs() + "; saved "
                                    + directory.model() + " and a checkpoint: continue with --resume");
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
