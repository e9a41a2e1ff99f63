package dev.backdraft.optim;

/**
 * A rule whose step moves each parameter by what is known of it alone, so that ranges of the vector can be updated apart, by
 * several threads, to the same bits. Arithmetic in float, in which loops over arrays become vector instructions: averages are
 * updated as {@code m ← m + (1 − β)(g − m)}, which does not suffer from the rounding of a β near 1, and sums of products are rounded once.
 */
public interface ElementwiseOptimizer extends Optimizer {
    /** Begins a step: counts it, and moves what the state holds besides vectors. Then come the ranges. */
    default void begin(OptimizerState state) {
        state.nextStep();
    }

    /**
     * What a step does to an entry whose gradient is +0, at any learning rate from 0 to 1e9. Decides whether updates by
     * sparse rows may leave out the entries that they do not touch.
     */
    default AtZero atZero() {
        return AtZero.MOVES;
    }

    /**
     * Updates the entries from (inclusive) to (exclusive) in a step that has {@linkplain #begin begun}.
     *
     * @param state its vectors are changed within the range
     * @param learningRate η of this step
     * @param gradient g, as for {@link #step}; read
     * @param parameters θ; changed within the range
     */
    void update(OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to);

    @Override
    default void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        begin(state);
        update(state, learningRate, gradient, parameters, 0, state.parameterCount());
    }
}
