package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.ResidentJob;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for other jobs of the application that wait for the slots that resident workers hold. There are two cases.
 * The training does something else between two steps, as in a listener that runs a Spark job of its own: then the slots
 * are released at once. Or the training is busy, and a job finds no slot at all: then it releases them between two
 * steps after some seconds, and after twice as many the next time, so that a job that Spark cannot run anyway costs
 * little.
 */
final class SlotYield {
    private static final Logger LOG = LoggerFactory.getLogger(SlotYield.class);
    private static final long LOOK_MILLIS = 250;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FIRST_WAIT_NANOS = TimeUnit.SECONDS.toNanos(2);
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(2);

    private final SparkContext spark;
    private final Runnable release;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> watch;
    private volatile long idleSince = System.nanoTime();
    private volatile boolean wanted;

    // of the timer's thread
    private long fedAt = System.nanoTime(); // when no job was last seen to wait for its first slot
    private long waitNanos = FIRST_WAIT_NANOS;

    /** @param release gives the slots back unless they are in use */
    SlotYield(SparkContext spark, Runnable release) {
        this.spark = spark;
        this.release = release;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "backdraft-slots");
            thread.setDaemon(true);
            return thread;
        });
        watch = timer.scheduleWithFixedDelay(this::look, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Told after each question. */
    void idleFromNow() {
        idleSince = System.nanoTime();
    }

    /** Whether no question has stood for some time. */
    boolean isIdle() {
        return System.nanoTime() - idleSince > IDLE_NANOS;
    }

    /** Whether slots should be released before the next question; true once for each time. */
    boolean takeWanted() {
        if (!wanted) {
            return false;
        }
        wanted = false;
        return true;
    }

    private void look() {
        try {
            lookForOthers();
        } catch (RuntimeException e) { // or the timer would never look again
            LOG.warn("cannot tell whether other jobs wait for slots: {}", e.toString());
        }
    }

    private void lookForOthers() {
        if (!ResidentJob.othersActive(spark)) {
            fedAt = System.nanoTime();
            return;
        }
        if (isIdle()) {
            release.run();
        }
        if (!ResidentJob.othersStarve(spark)) {
            fedAt = System.nanoTime();
        } else if (System.nanoTime() - fedAt > waitNanos) {
            wanted = true;
            fedAt = System.nanoTime();
            waitNanos = Math.min(2 * waitNanos, LONGEST_WAIT_NANOS);
        }
    }

    void close() {
        watch.cancel(false);
        timer.shutdownNow();
    }
}
