package dev.backdraft.optim;

/**
 * The memory of an optimizer: the number of steps, vectors as long as the parameters, and numbers. The same type for every
 * rule, so that a checkpoint is written once. Mutable, not thread-safe.
 */
public final class OptimizerState {
    private final ParameterLayout layout;
    private final float[][] slots;
    private final double[] scalars;
    private long steps;
    private double objective = Double.NaN;

    /**
     * A state of zeros.
     *
     * @param slotCount vectors as long as the parameters
     * @param scalarCount numbers
     */
    public OptimizerState(ParameterLayout layout, int slotCount, int scalarCount) {
        this.layout = layout;
        slots = new float[slotCount][layout.parameterCount()];
        scalars = new double[scalarCount];
    }

    /** Counts a step and returns its number, 1 for the first. For the rule alone. */
    public long nextStep() {
        return ++steps;
    }

    /** Steps taken so far. */
    public long steps() {
        return steps;
    }

    /** Sets the number of steps taken, as a checkpoint knows it. */
    public void restoreSteps(long taken) {
        if (taken < 0) {
            throw new IllegalArgumentException("the optimizer has taken " + taken + " steps");
        }
        steps = taken;
    }

    public ParameterLayout layout() {
        return layout;
    }

    /** Entries of the flat vector that the optimizer moves, from the first. */
    public int parameterCount() {
        return layout.parameterCount();
    }

    public int slotCount() {
        return slots.length;
    }

    /** The vector itself, not a copy. */
    public float[] slot(int index) {
        return slots[index];
    }

    /** The numbers themselves, not a copy. */
    public double[] scalars() {
        return scalars;
    }

    /**
     * For {@link Optimizer#check}: checks vectors of squares, or of averages of squares.
     *
     * @throws IllegalArgumentException when an entry is negative
     */
    void checkNotNegative(int... slotsOfSquares) {
        for (int index : slotsOfSquares) {
            for (int i = 0; i < slots[index].length; i++) {
                if (!(slots[index][i] >= 0)) {
                    throw new IllegalArgumentException("entry " + i + " of the squares that the optimizer keeps is "
                            + slots[index][i] + ", but squares are not negative");
                }
            }
        }
    }

    /**
     * For {@link Optimizer#check}: checks a number that the rule uses as a count or a place.
     *
     * @param most inclusive
     * @throws IllegalArgumentException unless it is a whole number from 0
     */
    void checkWhole(String what, int index, int most) {
        double found = scalars[index];
        if (!(found >= 0 && found <= most && found == Math.rint(found))) {
            throw new IllegalArgumentException(
                    what + " of the optimizer is " + found + ", not a whole number from 0 to " + most);
        }
    }

    /** Tells the objective (loss and penalty) at the point of the next step's gradient, for {@link Optimizer#searchesLine}. */
    public void observe(double objectiveAtGradient) {
        objective = objectiveAtGradient;
    }

    /** What {@link #observe} was told last. */
    public double objective() {
        return objective;
    }
}
