package dev.backdraft.spark.engine.resident;

import java.util.concurrent.atomic.AtomicBoolean;

/** The part of an {@link Ask} that one worker does: partitions, in rising order. */
final class Share {
    private final int worker;
    private final long attempt;
    private final int[] parts;
    private final AtomicBoolean taken = new AtomicBoolean();

    /**
     * @param worker index of the worker
     * @param attempt of its task: a rerun of the task is another
     * @param parts of the training or validation rows; kept, not changed
     */
    Share(int worker, long attempt, int[] parts) {
        this.worker = worker;
        this.attempt = attempt;
        this.parts = parts;
    }

    int worker() {
        return worker;
    }

    long attempt() {
        return attempt;
    }

    int[] parts() {
        return parts;
    }

    /** True for the first that calls it, who does the share. */
    boolean take() {
        return !taken.get() && taken.compareAndSet(false, true);
    }
}
