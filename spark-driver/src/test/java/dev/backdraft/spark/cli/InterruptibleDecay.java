package dev.backdraft.spark.cli;

import dev.backdraft.schedule.Schedule;

/** A schedule of a user's, η(t) = η₀/(1 + t/10), that ends the training with an error where a test wants it to: a crash. */
public record InterruptibleDecay() implements Schedule {
    private static volatile long crash = Long.MAX_VALUE;

    /** Lets the next training end at this update. */
    public static void crashAt(long update) {
        crash = update;
    }

    @Override
    public String name() {
        return "interruptible-decay";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        if (t == crash) {
            crash = Long.MAX_VALUE;
            throw new IllegalStateException("the test has interrupted the training");
        }
        return base / (1 + t / 10.0);
    }
}
