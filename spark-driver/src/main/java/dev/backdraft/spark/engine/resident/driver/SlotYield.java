package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.ResidentJob;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for other jobs of the application that wait for the slots of resident workers. There are two cases. If the
 * training does something else between two steps, such as a listener that runs a Spark job, the slots are released at
 * once. If the training is busy and another job finds no slot at all, the slots are released between two steps, after
 * some seconds. Each time the wait doubles, so that a job that Spark cannot run anyway costs little.
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
    private long fedAt = System.nanoTime(); // the last time that no job was waiting for its first slot
    private long waitNanos = FIRST_WAIT_NANOS;
    private final Set<String> warnings = new HashSet<>(); // given so far

    /** @param release releases the slots unless they are in use */
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

    /** Must be called after each step. */
    void idleFromNow() {
        idleSince = System.nanoTime();
    }

    /** Whether no step has been running for some time. */
    boolean isIdle() {
        return System.nanoTime() - idleSince > IDLE_NANOS;
    }

    /** Whether the slots should be released before the next step. Returns true only once per request. */
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
        } catch (Throwable e) { // or the timer would never look again, and nobody would know
            if (warnings.add(e.toString())) {
                LOG.warn("cannot tell whether other jobs wait for slots, or release these: {}", e.toString());
            }
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
