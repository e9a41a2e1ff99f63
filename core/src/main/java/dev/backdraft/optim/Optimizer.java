package dev.backdraft.optim;

import java.io.Serializable;

/**
 * A rule that moves parameters θ against the gradient g of a step. An immutable value: its memory between steps is in an {@link
 * OptimizerState}, so that a checkpoint is the same for every rule. The learning rate η comes with each step, as a schedule may
 * change it.
 *
 * <p>To write your own: a public record with a public constructor without arguments, which sets the default constants, and its
 * class name in {@code META-INF/services/dev.backdraft.optim.Optimizer}.
 */
public interface Optimizer extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /** Creates a state for parameters of this layout, all zero. */
    OptimizerState initialState(ParameterLayout layout);

    /** Creates a state for this number of weights. */
    default OptimizerState initialState(int parameterCount) {
        return initialState(ParameterLayout.of(parameterCount));
    }

    /**
     * Takes one step. Changes the first {@code state.parameterCount()} entries of the parameters; the entries after them are
     * not changed.
     *
     * @param state of {@link #initialState} of an equal rule; changed
     * @param learningRate η of this step
     * @param gradient g, the mean over the batch, at {@link #gradientPoint}; read
     * @param parameters θ; changed
     */
    void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters);

    /** Whether {@link #gradientPoint} may be another point than θ, which takes one more vector. */
    default boolean looksAhead() {
        return false;
    }

    /**
     * Returns the point where the next step needs the gradient: θ itself, except for rules that {@linkplain #looksAhead
     * look ahead}.
     *
     * @param parameters θ; read
     * @param scratch as long as the parameters; may be overwritten and returned; null unless the rule looks ahead
     * @return parameters, or scratch holding another point (entries after the parameters copied)
     */
    default float[] gradientPoint(OptimizerState state, double learningRate, float[] parameters, float[] scratch) {
        return parameters;
    }

    /**
     * Whether each step needs the objective at the point of the gradient, told before the step by {@link
     * OptimizerState#observe}, over all rows: a line search. Such a rule wants the whole data set in every step.
     */
    default boolean searchesLine() {
        return false;
    }

    /** λ of the decoupled weight decay that is part of the rule; 0 when it has none. */
    default double weightDecay() {
        return 0;
    }

    /**
     * Checks a state that a checkpoint has restored for numbers that this rule never leaves, such as a negative average
     * of squares. That all vectors are finite is checked for every rule.
     *
     * @param state read
     * @throws IllegalArgumentException naming what is wrong
     */
    default void check(OptimizerState state) {}

    /** Whether the rule has found its minimum, so that further steps would not change the parameters. */
    default boolean finished(OptimizerState state) {
        return false;
    }

    /**
     * Moves the parameters to the best known point, when training stops after a step, or in a copy between steps. Only needed
     * for rules whose step ends with a trial.
     *
     * @param state read
     * @param parameters as the last step left them; changed
     */
    default void settle(OptimizerState state, float[] parameters) {}
}
