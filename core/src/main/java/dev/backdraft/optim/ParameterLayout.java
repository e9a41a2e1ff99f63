package dev.backdraft.optim;

import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.List;

/**
 * The trained tensors of the flat vector, as optimizers see them. What treats weights and biases differently, or looks
 * at the norm of a layer, goes by it. The tensors follow each other without gaps from 0.
 *
 * @param tensors in the order of the flat vector
 * @param penalizesBiases whether regularizers and weight decay apply to biases and scales too
 */
public record ParameterLayout(List<Tensor> tensors, boolean penalizesBiases) {
    public ParameterLayout {
        tensors = List.copyOf(tensors);
        int at = 0;
        for (Tensor tensor : tensors) {
            if (tensor.offset() != at) {
                throw new IllegalArgumentException(tensor.name() + " starts at " + tensor.offset() + ", not at " + at);
            }
            at = tensor.end();
        }
    }

    /** One vector of this many weights. */
    public static ParameterLayout of(int parameterCount) {
        List<Parameter> weights =
                parameterCount == 0 ? List.of() : List.of(Parameter.weight("weight", parameterCount, 1));
        return new ParameterLayout(Tensor.place(0, 0, weights), false);
    }

    public int parameterCount() {
        return tensors.isEmpty() ? 0 : tensors.get(tensors.size() - 1).end();
    }

    /** Whether regularizers and weight decay apply to a tensor. */
    public boolean penalizes(Tensor tensor) {
        return penalizesBiases || tensor.parameter().kind() == Parameter.Kind.WEIGHT;
    }
}
