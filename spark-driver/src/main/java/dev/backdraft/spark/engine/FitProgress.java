package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TimeShares;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Keeps account of a fit as it goes on, and shows it as a {@link FitStatus} about once a second: a step costs some additions and
 * a look at the clock. The thread that trains tells; any thread may look.
 */
public final class FitProgress {
    private static final long WINDOW_NANOS = TimeUnit.MILLISECONDS.toNanos(900);
    private static final List<FitProgress> RUNNING = new CopyOnWriteArrayList<>(); // of this JVM, the newest last
    private static volatile FitStatus ended = FitStatus.NONE; // the last that was

    private final Fit fit;
    private final BatchLayout layout;
    private final Supplier<StepTimes> times;
    private final LossSum losses = new LossSum(); // of the epoch
    private volatile FitStatus status;
    private int epoch;
    private long batch;
    private long steps;
    private long rows;
    private double validationLoss = Double.NaN;
    private long windowStart = System.nanoTime(); // of the figures of late
    private long windowRows;
    private StepTimes windowTimes;
    private double rowsPerSecond = Double.NaN;
    private TimeShares shares; // or null

    /** @param times of all steps so far, asked for on the thread that trains; may give null */
    FitProgress(Fit fit, BatchLayout layout, Supplier<StepTimes> times) {
        this.fit = fit;
        this.layout = layout;
        this.times = times;
        windowTimes = times.get();
        show(true);
        RUNNING.add(this);
    }

    /** The fit of this JVM that began last of those that run; the one that ended last when none does. */
    public static FitStatus newest() {
        Object[] running = RUNNING.toArray();
        return running.length == 0 ? ended : ((FitProgress) running[running.length - 1]).status;
    }

    /** Number of fits of this JVM that run. */
    public static int runningFits() {
        return RUNNING.size();
    }

    /** The epoch that the last step was of; 0 before the first. On the thread that trains. */
    int epoch() {
        return epoch;
    }

    /** The progress of the fit, at most a second old. */
    FitStatus status() {
        return status;
    }

    /** A step is done. */
    void stepped(int ofEpoch, long step, GradientSum sum) {
        if (ofEpoch != epoch || step == 0) {
            losses.clear();
            epoch = ofEpoch;
        }
        batch = step + 1;
        steps++;
        rows += layout.rowsOfStep(step, 0, layout.lanes());
        losses.add(sum.losses());
        long now = System.nanoTime();
        if (now - windowStart < WINDOW_NANOS && steps > 1) {
            return;
        }
        double seconds = (now - windowStart) / 1e9;
        StepTimes all = times.get();
        rowsPerSecond = (rows - windowRows) / seconds;
        shares = all == null || windowTimes == null ? null : TimeShares.of(all.minus(windowTimes), seconds);
        windowStart = now;
        windowRows = rows;
        windowTimes = all;
        show(true);
    }

    /** Validation rows have been measured. The time that it took is not the steps'. */
    void validated(MetricSums validation, long nanos) {
        validationLoss = validation.loss();
        windowStart += nanos;
        show(true);
    }

    /** The fit is over. */
    void ended() {
        try {
            show(false);
        } finally {
            if (RUNNING.remove(this)) {
                ended = status;
            }
        }
    }

    private void show(boolean running) {
        status = new FitStatus(
                running,
                epoch,
                fit.config().epochs(),
                batch,
                layout.stepsPerEpoch(),
                steps,
                rows,
                fit.loss().objective(losses.meanLoss()),
                validationLoss,
                rowsPerSecond,
                shares == null ? Double.NaN : shares.compute(),
                shares == null ? Double.NaN : shares.combine(),
                shares == null ? Double.NaN : shares.waiting());
    }
}
