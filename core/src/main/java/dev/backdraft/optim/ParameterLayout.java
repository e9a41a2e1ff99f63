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
 * @param rateFactors by which the learning rate is multiplied, one for each tensor, 0 for one that is frozen; empty for
 *     1 each
 * @param decayFactors by which weight decay and the L1 and L2 penalties are multiplied, one for each tensor; empty for
 *     1 each
 */
public record ParameterLayout(
        List<Tensor> tensors, boolean penalizesBiases, List<Double> rateFactors, List<Double> decayFactors) {
    public ParameterLayout {
        tensors = List.copyOf(tensors);
        rateFactors = List.copyOf(rateFactors);
        decayFactors = List.copyOf(decayFactors);
        checkLength(rateFactors, tensors);
        checkLength(decayFactors, tensors);
        int at = 0;
        for (Tensor tensor : tensors) {
            if (tensor.offset() != at) {
                throw new IllegalArgumentException(tensor.name() + " starts at " + tensor.offset() + ", not at " + at);
            }
            at = tensor.end();
        }
    }

    /** Tensors with one learning rate and one decay for all. */
    public ParameterLayout(List<Tensor> tensors, boolean penalizesBiases) {
        this(tensors, penalizesBiases, List.of(), List.of());
    }

    private static void checkLength(List<Double> factors, List<Tensor> tensors) {
        if (!factors.isEmpty() && factors.size() != tensors.size()) {
            throw new IllegalArgumentException(factors.size() + " factors for " + tensors.size() + " tensors");
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

    /** By what the learning rate of a tensor is multiplied. */
    public double rateFactor(int tensor) {
        return rateFactors.isEmpty() ? 1 : rateFactors.get(tensor);
    }

    /** Whether regularizers, weight decay and max-norm apply to a tensor: not to one that is frozen. */
    public boolean penalizes(Tensor tensor) {
        boolean may = penalizesBiases || tensor.parameter().kind() == Parameter.Kind.WEIGHT;
        return may && (rateFactors.isEmpty() || rateFactor(tensorAt(tensor.offset())) != 0);
    }

    /**
     * By what weight decay and penalties of a tensor are multiplied: 0 where they do not {@linkplain #penalizes apply}.
     */
    public double decayFactor(Tensor tensor) {
        if (!penalizes(tensor)) {
            return 0;
        }
        return decayFactors.isEmpty() ? 1 : decayFactors.get(tensorAt(tensor.offset()));
    }

    /** The number of the tensor that an entry of the vector belongs to. */
    public int tensorAt(int entry) {
        int low = 0;
        int high = tensors.size() - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (tensors.get(middle).end() <= entry) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
