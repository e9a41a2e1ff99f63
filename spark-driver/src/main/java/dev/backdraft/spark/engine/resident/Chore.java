package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.RangeTask;
import dev.backdraft.train.Ranges;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * A {@link RangeTask} cut into ranges that threads take one after the other: the thread that wants it done, and workers that have
 * nothing else to do. Nobody has to help for it to get done.
 */
final class Chore {
    private static final int SPINS = 1000;
    private static final long PARK_NANOS = 10_000; // somebody else has the processor

    private final int length;
    private final RangeTask task;
    private final int ranges;
    private final AtomicInteger taken = new AtomicInteger();
    private final AtomicInteger done = new AtomicInteger();
    private volatile Throwable failure;

    private Chore(int length, RangeTask task, int ranges) {
        this.length = length;
        this.task = task;
        this.ranges = ranges;
    }

    /** A chore for so many threads; null when one thread had better do it alone. */
    static Chore of(int length, RangeTask task, int threads) {
        int ranges = Ranges.count(length, threads);
        return ranges < 2 ? null : new Chore(length, task, ranges);
    }

    /** Does ranges until all are taken. Returns false when they were. */
    boolean help() {
        boolean helped = false;
        for (int i = next(); i < ranges; i = next()) {
            helped = true;
            try {
                task.run(Ranges.start(length, ranges, i), Ranges.start(length, ranges, i + 1));
            } catch (Throwable e) { // even an OutOfMemoryError: who waits must not wait forever
                failure = e;
            } finally {
                done.incrementAndGet();
            }
        }
        return helped;
    }

    private int next() {
        return taken.get() < ranges ? taken.getAndIncrement() : ranges;
    }

    /**
     * Waits until the ranges that others have taken are done, too: not long, as they are at it.
     *
     * @throws RuntimeException what a range has thrown
     */
    void await() {
        int spins = 0;
        while (done.get() < ranges) {
            if (++spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(this, PARK_NANOS);
            }
        }
        Throwable thrown = failure;
        if (thrown != null) {
            throw thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
        }
    }
}
