package dev.backdraft.spark.engine.resident;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkContext;

/**
 * Watches for the one way in which resident workers could block a program: it runs a Spark job between two steps, on the thread
 * that trains, and that job waits for the slots.
 */
final class SlotYield {
    private static final long LOOK_MILLIS = 250;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SparkContext spark;
    private final Runnable release;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> watch;
    private volatile long idleSince = System.nanoTime();

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

    private void look() {
        if (isIdle() && ResidentJob.othersActive(spark)) {
            release.run();
        }
    }

    void close() {
        watch.cancel(false);
        timer.shutdownNow();
    }
}
