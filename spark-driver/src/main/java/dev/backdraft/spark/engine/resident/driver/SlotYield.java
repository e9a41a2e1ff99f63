package dev.backdraft.spark.engine.resident.driver;

import dev.backdraft.spark.engine.resident.ResidentJob;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.apache.spark.SparkContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches for other jobs of the application that wait for the slots of resident workers. There are two cases. If the
 * training does something else between two steps, such as a listener that runs a Spark job, the slots are released at
 * once. If the training is busy and another job finds no slot at all, the slots are released between two steps, after
 * some seconds. Each time the wait doubles, so that a job that Spark cannot run anyway costs little; it is short again
 * when a release has helped. The workers of another fit may be that job, too: fits take turns, which become longer up
 * to some seconds. Fits and other jobs have waits of their own, so neither makes the other wait.
 */
final class SlotYield {
    private static final Logger LOG = LoggerFactory.getLogger(SlotYield.class);
    private static final long LOOK_MILLIS = 250;
    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(4);
    private static final long PAUSE_LOOK_MILLIS = 20;
    private static final long IDLE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long FIRST_WAIT_MILLIS = 2_000;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(2);
    private static final long LONGEST_WAIT_FOR_FITS_NANOS = TimeUnit.SECONDS.toNanos(8);

    private final SparkContext spark;
    private final Runnable release;
    private final BooleanSupplier holds;
    private final long firstWaitNanos;
    private final ScheduledExecutorService timer;
    private final ScheduledFuture<?> watch;
    private volatile long idleSince = System.nanoTime();
    private volatile boolean wanted;
    private volatile Set<Integer> wantedFor = Set.of(); // other jobs; none when it is for the workers of a fit

    // of the timer's thread
    private long fitsFedAt = System.nanoTime(); // when the workers of other fits began to wait for a first slot
    private long othersFedAt = fitsFedAt; // when other jobs did
    private long fitsWaitNanos;
    private long othersWaitNanos;
    private Set<Integer> unfed = Set.of(); // other jobs that the last release was for
    private final Set<String> warnings = new HashSet<>(); // given so far

    /**
     * @param release releases the slots unless they are in use
     * @param holds whether there are any to release
     */
    SlotYield(SparkContext spark, Runnable release, BooleanSupplier holds) {
        this(spark, release, holds, FIRST_WAIT_MILLIS);
    }

    /** With another wait before the first release. */
    SlotYield(SparkContext spark, Runnable release, BooleanSupplier holds, long firstWaitMillis) {
        this.spark = spark;
        this.release = release;
        this.holds = holds;
        firstWaitNanos = TimeUnit.MILLISECONDS.toNanos(firstWaitMillis);
        fitsWaitNanos = firstWaitNanos;
        othersWaitNanos = firstWaitNanos;
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

    /**
     * Waits until the other jobs that slots have been released for are done, but not for long. Otherwise new workers
     * would be among those that get these slots. The workers of another fit have their place in the queue.
     */
    void awaitOthers() throws InterruptedException {
        long end = System.nanoTime() + PAUSE_NANOS;
        while (System.nanoTime() < end && ResidentJob.anyActive(spark, wantedFor)) {
            Thread.sleep(PAUSE_LOOK_MILLIS);
        }
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
        boolean active = ResidentJob.othersActive(spark);
        Set<Integer> others = active ? ResidentJob.starving(spark, false) : Set.of();
        boolean holdsSlots = holds.getAsBoolean();
        boolean fits = holdsSlots && !ResidentJob.starving(spark, true).isEmpty();
        if ((active || fits) && isIdle()) {
            release.run();
        }
        if (!others.containsAll(unfed)) { // the last release has helped
            othersWaitNanos = firstWaitNanos;
            unfed = Set.of();
        }
        long now = System.nanoTime();
        othersFedAt = holdsSlots && !others.isEmpty() ? othersFedAt : now;
        fitsFedAt = fits ? fitsFedAt : now;
        if (now - othersFedAt > othersWaitNanos) {
            unfed = others;
            want(others);
            othersFedAt = now;
            othersWaitNanos = Math.min(2 * othersWaitNanos, LONGEST_WAIT_NANOS);
        } else if (now - fitsFedAt > fitsWaitNanos) {
            want(Set.of());
            fitsFedAt = now;
            fitsWaitNanos = Math.min(2 * fitsWaitNanos, LONGEST_WAIT_FOR_FITS_NANOS);
        }
    }

    private void want(Set<Integer> jobs) {
        wantedFor = jobs;
        wanted = true;
    }

    void close() {
        watch.cancel(false);
        timer.shutdownNow();
    }
}
