package dev.backdraft.train.plan;

import dev.backdraft.train.StepTimes;
import dev.backdraft.train.engine.GradientSource;

/**
 * Accounts for the time of steps, for a {@link GradientSource}. The training thread marks the phases of a step, in this
 * order: {@link #begin}, {@link #published}, {@link #gathered}, {@link #end}; each worker tells how long it took. A
 * step that does not come to its end is not counted. Reads the clock four times a step and allocates nothing.
 *
 * <pre>
 *   begin ─ publish ─ published ─ compute, and wait for the rest ─ gathered ─ combine ─ end
 * </pre>
 */
public final class StepClock {
    private static final int STRIDE = 16; // longs, two cache lines: so that threads do not write to the same one

    private final long[] worked; // nanoseconds of each worker in this step
    private final long[] added; // likewise, of adding in between
    private long begun;
    private long published;
    private long gathered;

    private long steps;
    private long compute;
    private long combine;
    private long publish;
    private long wait;
    private long sent;
    private long received;

    /** @param workers that may {@linkplain #worked work} on a step */
    public StepClock(int workers) {
        if (workers < 1) {
            throw new IllegalArgumentException("a step takes at least 1 worker, not " + workers);
        }
        worked = new long[Math.multiplyExact(workers, STRIDE)];
        added = new long[worked.length];
    }

    /** A step begins. On the thread that trains, while no worker works. */
    public void begin() {
        for (int i = 0; i < worked.length; i += STRIDE) {
            worked[i] = 0;
            added[i] = 0;
        }
        begun = System.nanoTime();
        published = begun;
    }

    /** Workers have been given the parameters. May be left out where nothing is handed out. On the thread that trains. */
    public void published() {
        published = System.nanoTime();
    }

    /**
     * Workers have been given the parameters, possibly in several rounds. On the thread that trains.
     *
     * @param nanos that this took in all, since the step began
     */
    public void published(long nanos) {
        published = begun + nanos;
    }

    /**
     * A worker has done its share. May be called on any thread; whatever signals completion to the training thread must
     * also publish this write.
     *
     * @param worker counted from 0
     * @param nanos of forward and backward passes
     */
    public void worked(int worker, long nanos) {
        worked(worker, nanos, 0);
    }

    /**
     * A worker has computed, and has added sums of others.
     *
     * @param addNanos of adding them
     */
    public void worked(int worker, long nanos, long addNanos) {
        worked[worker * STRIDE] = nanos;
        added[worker * STRIDE] = addNanos;
    }

    /** All sums are in, and their adding begins. On the thread that trains. */
    public void gathered() {
        gathered = System.nanoTime();
    }

    /**
     * Bytes that went over the network in this step.
     *
     * @param bytesSent by the driver
     * @param bytesReceived by the driver
     */
    public void moved(long bytesSent, long bytesReceived) {
        sent += bytesSent;
        received += bytesReceived;
    }

    /** The step's sum is complete. On the thread that trains. */
    public void end() {
        long now = System.nanoTime();
        long slowest = 0;
        long adding = 0;
        for (int i = 0; i < worked.length; i += STRIDE) {
            slowest = Math.max(slowest, worked[i]);
            adding = Math.max(adding, added[i]);
        }
        long between = gathered - published; // clocks of several machines may not agree on how long this was
        slowest = Math.min(slowest, between);
        adding = Math.min(adding, between - slowest);
        steps++;
        publish += published - begun;
        compute += slowest;
        combine += adding + now - gathered;
        wait += between - slowest - adding;
    }

    /** Where the time of all steps so far went. On the thread that trains. */
    public StepTimes times() {
        return new StepTimes(steps, compute, combine, publish, wait, sent, received);
    }
}
