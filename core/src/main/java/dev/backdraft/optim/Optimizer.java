package dev.backdraft.optim;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.io.Serializable;

/**
 * A rule that moves parameters θ against the gradient g of a step. A value: what it remembers between steps is in an {@link
 * OptimizerState}, so that a checkpoint is the same for every rule. The learning rate η comes with each step, as a schedule may
 * change it.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Sgd.class, name = "sgd"),
    @JsonSubTypes.Type(value = Momentum.class, name = "momentum"),
    @JsonSubTypes.Type(value = Adam.class, name = "adam")
})
public sealed interface Optimizer extends Serializable permits Sgd, Momentum, Adam {
    /** The name on the command line and in files. */
    String name();

    /** A new state for this many parameters, all zero. */
    OptimizerState initialState(int parameterCount);

    /**
     * Takes one step.
     *
     * @param state of {@link #initialState} of an equal rule; changed
     * @param learningRate η of this step
     * @param gradient g, the mean over the batch; read
     * @param parameters θ; changed
     */
    void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters);
}
