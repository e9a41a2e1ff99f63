package dev.backdraft.train.engine;

import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs tasks in quick succession on a fixed set of threads and the calling thread. Threads spin briefly before they
 * park, because waking one takes longer than a step of a small network. Where other programs take the processors, a
 * thread may begin late; a thread that has finished then takes over its shares, so that nobody waits for it.
 * Allocates only for a task with more shares than any before. For one caller at a time.
 */
public final class Team implements AutoCloseable {
    /** A task of several shares, which may be done at the same time. */
    @FunctionalInterface
    public interface Task {
        /** Does one share. */
        void share(int index);
    }

    private static final long USUAL_SPIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);
    private static final int SPINS_PER_LOOK = 32; // at the clock
    private static final int SHARE_BITS = 20; // leaves 43 for rounds, enough for years of steps of some µs

    private final Thread[] helpers;
    private final long spinNanos;
    private final AtomicInteger unfinished = new AtomicInteger(); // shares of the present round
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Task rangeShare = this::rangeShare;
    private Task task; // published by round
    private volatile AtomicLongArray begun = new AtomicLongArray(0); // by share, the last round in which it has begun
    private RangeTask rangeTask;
    private int rangeLength;
    private int rangeShares;
    private volatile long round; // its number, counted from 1, and in the last SHARE_BITS its shares
    private volatile Thread asker;
    private volatile boolean closed;

    /** @param size threads in all, the one that asks included; at least 1 */
    public Team(String name, int size) {
        this(name, size, USUAL_SPIN_NANOS);
    }

    /**
     * Creates a team for a machine that shares its cores with other processes.
     *
     * @param spinNanos for how long a thread looks out before it lets its processor go
     */
    public Team(String name, int size, long spinNanos) {
        this(size, spinNanos, work -> new Thread(work, name));
    }

    /**
     * Creates a team with threads of this factory.
     *
     * @param spinNanos as for the public constructor
     */
    Team(int size, long spinNanos, ThreadFactory threads) {
        this.spinNanos = spinNanos;
        helpers = new Thread[size - 1];
        for (int i = 0; i < helpers.length; i++) {
            int member = i + 1;
            helpers[i] = threads.newThread(() -> help(member));
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /** Threads in all, the one that asks included. */
    public int size() {
        return helpers.length + 1;
    }

    /**
     * Does the shares 0 … count − 1, each once, and returns when all are done. Member i of the team begins with the
     * shares i, i + size, …, whose data its processor may still have; the thread that asks is member 0.
     *
     * @param count below 2²⁰
     * @throws RuntimeException what a share has thrown; shares that have not begun by then are not done
     */
    public void run(int count, Task newTask) {
        if (count >> SHARE_BITS != 0) {
            throw new IllegalArgumentException(count + " shares, but a task has at most " + (1 << SHARE_BITS) + " - 1");
        }
        if (helpers.length == 0 || count < 2) {
            for (int i = 0; i < count; i++) {
                newTask.share(i);
            }
            return;
        }
        long number = number(round) + 1;
        if (begun.length() < count) {
            begun = newShares(count, number - 1);
        }
        task = newTask;
        asker = Thread.currentThread();
        failure.set(null);
        unfinished.set(count);
        long now = number << SHARE_BITS | count;
        round = now;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        work(0, now);
        await();
        Throwable thrown = failure.get();
        if (thrown instanceof Error error) {
            throw error;
        } else if (thrown != null) {
            throw thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
        }
    }

    private static long number(long round) {
        return round >> SHARE_BITS;
    }

    /** Shares that have begun in this round: nobody who is late for it begins them once more. */
    private static AtomicLongArray newShares(int count, long number) {
        AtomicLongArray shares = new AtomicLongArray(count);
        for (int i = 0; i < count; i++) {
            shares.set(i, number);
        }
        return shares;
    }

    /** Does a task over ranges that make up [0, length), one for each thread where that is worth it. */
    public void overRanges(int length, RangeTask newTask) {
        int count = Ranges.count(length, size());
        if (count == 1) {
            newTask.run(0, length);
            return;
        }
        rangeTask = newTask;
        rangeLength = length;
        rangeShares = count;
        run(count, rangeShare);
    }

    private void rangeShare(int index) {
        rangeTask.run(Ranges.start(rangeLength, rangeShares, index), Ranges.start(rangeLength, rangeShares, index + 1));
    }

    /** Does a member's shares of a round, and then those that nobody has begun. */
    private void work(int member, long of) {
        AtomicLongArray shares = begun;
        long number = number(of);
        int count = (int) (of & (1 << SHARE_BITS) - 1);
        for (int i = member; i < count; i += size()) {
            share(shares, i, number);
        }
        for (int i = 0; i < count; i++) {
            share(shares, i, number);
        }
    }

    /**
     * Does a share of a round unless somebody has begun it. When the round is over, all of its shares have begun, so a
     * thread that is late for it begins none; while a share is not done, the round goes on, and the task is the
     * round's.
     */
    private void share(AtomicLongArray shares, int index, long number) {
        long last = shares.get(index);
        if (last >= number || !shares.compareAndSet(index, last, number)) {
            return;
        }
        try {
            if (failure.get() == null) {
                task.share(index);
            }
        } catch (Throwable e) { // even an OutOfMemoryError: the asker must not wait forever
            failure.compareAndSet(null, e);
        }
        if (unfinished.decrementAndGet() == 0) {
            LockSupport.unpark(asker);
        }
    }

    private void await() {
        long deadline = System.nanoTime() + spinNanos;
        while (unfinished.get() > 0) {
            if (spun(deadline)) {
                LockSupport.parkNanos(this, USUAL_SPIN_NANOS);
            }
        }
    }

    private void help(int member) {
        long last = 0;
        while (true) {
            long deadline = System.nanoTime() + spinNanos;
            long now = round;
            while (now == last && !closed) {
                if (spun(deadline)) {
                    LockSupport.park(this);
                }
                now = round;
            }
            if (closed) {
                return;
            }
            last = now;
            work(member, now);
        }
    }

    /** Spins for a moment, and says whether it has been long enough. */
    @SuppressWarnings("ThreadPriorityCheck") // without yield() a thread may wait for one that waits for its processor
    private static boolean spun(long deadline) {
        for (int i = 0; i < SPINS_PER_LOOK; i++) {
            Thread.onSpinWait();
        }
        Thread.yield(); // the one that is waited for may be waiting for this very processor
        return System.nanoTime() >= deadline;
    }

    /** Stops the threads. Must not be called during a task. */
    @Override
    public void close() {
        closed = true;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
    }
}
