package dev.backdraft.train.engine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * Runs tasks in quick succession on a fixed set of threads and the calling thread. Threads spin briefly before they
 * park, because waking one takes longer than a step of a small network. Allocates nothing after it is created. For one
 * caller at a time.
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

    private final Thread[] helpers;
    private final long spinNanos;
    private final AtomicInteger waiting = new AtomicInteger(); // helpers that have not done the present task
    private final AtomicReference<Throwable> failure = new AtomicReference<>();
    private final Task rangeShare = this::rangeShare;
    private Task task; // published by round
    private int shares;
    private RangeTask rangeTask;
    private int rangeLength;
    private int rangeShares;
    private int rounds;
    private volatile int round; // rounds, published
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
        this.spinNanos = spinNanos;
        helpers = new Thread[size - 1];
        for (int i = 0; i < helpers.length; i++) {
            int member = i + 1;
            helpers[i] = new Thread(() -> help(member), name);
            helpers[i].setDaemon(true);
            helpers[i].start();
        }
    }

    /** Threads in all, the one that asks included. */
    public int size() {
        return helpers.length + 1;
    }

    /**
     * Does the shares 0 … count − 1, and returns when all are done. Member i of the team does the shares i, i + size, …; the
     * thread that asks is member 0.
     *
     * @throws RuntimeException what a share has thrown
     */
    public void run(int count, Task newTask) {
        int members = Math.min(count, size());
        if (members == 1) {
            for (int i = 0; i < count; i++) {
                newTask.share(i);
            }
            return;
        }
        task = newTask;
        shares = count;
        asker = Thread.currentThread();
        failure.set(null); // of an earlier task, in which the asker's own share failed too
        waiting.set(helpers.length);
        rounds++;
        round = rounds;
        for (Thread helper : helpers) {
            LockSupport.unpark(helper);
        }
        try {
            for (int i = 0; i < count; i += size()) {
                newTask.share(i);
            }
        } finally {
            await();
        }
        Throwable thrown = failure.getAndSet(null);
        if (thrown != null) {
            throw thrown instanceof RuntimeException known ? known : new IllegalStateException(thrown);
        }
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

    private void await() {
        long deadline = System.nanoTime() + spinNanos;
        while (waiting.get() > 0) {
            if (spun(deadline)) {
                LockSupport.parkNanos(this, USUAL_SPIN_NANOS);
            }
        }
    }

    private void help(int member) {
        int done = 0;
        while (true) {
            long deadline = System.nanoTime() + spinNanos;
            while (round == done && !closed) {
                if (spun(deadline)) {
                    LockSupport.park(this);
                }
            }
            if (closed) {
                return;
            }
            done++; // never more than one round behind: run() waits for all
            try {
                for (int i = member; i < shares; i += size()) {
                    task.share(i);
                }
            } catch (Throwable e) { // even an OutOfMemoryError: the asker must not wait forever
                failure.compareAndSet(null, e);
            }
            if (waiting.decrementAndGet() == 0) {
                LockSupport.unpark(asker);
            }
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
