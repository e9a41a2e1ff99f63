package dev.backdraft.optim;

/**
 * What an optimiser remembers: the number of steps taken and some vectors as long as the parameters. The same type for every
 * rule. Mutable, not thread-safe.
 */
public final class OptimizerState {
    private final float[][] slots;
    private long steps;

    public OptimizerState(int slotCount, int parameterCount) {
        slots = new float[slotCount][parameterCount];
    }

    /** Counts a step and returns its number, 1 for the first. */
    long nextStep() {
        return ++steps;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    public int slotCount() {
        return slots.length;
    }

    /** The vector itself, not a copy. */
    public float[] slot(int index) {
        return slots[index];
    }
}
