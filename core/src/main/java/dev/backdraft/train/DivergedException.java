package dev.backdraft.train;

import java.util.Locale;

/**
 * The loss, a gradient or a parameter is no longer a finite number. The message names the step, the learning rate, and
 * the tensor with its norm.
 */
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private static final double LARGE_WEIGHT = 1e30; // times a gradient, it is soon beyond float

    /**
     * Says what diverged, where, and at which learning rate.
     *
     * @param where the tensor that diverged, as in {@code the gradient of layers.0.weight has norm NaN}
     * @param weight of the rows of the step, summed
     */
    public DivergedException(String what, String where, int epoch, long step, double learningRate, double weight) {
        super(String.format(
                Locale.ROOT,
                "training diverged: %s in epoch %d, step %d, at learning rate %s; %s; %s",
                what,
                epoch,
                step + 1,
                learningRate,
                where,
                weight > LARGE_WEIGHT
                        ? String.format(
                                Locale.ROOT,
                                "the weights of its rows sum to %.3g, and gradients with such weights exceed the range of a"
                                        + " float: scale the weight column down",
                                weight)
                        : "try a smaller learning rate, or standardize the features"));
    }
}
