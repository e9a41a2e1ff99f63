package dev.backdraft.network;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;

/**
 * Compares backpropagation with numerical differentiation. The central difference {@code (L(p + h) − L(p − h)) / 2h} of each
 * parameter p, with h = 0.01: in float32 a smaller step loses more to rounding than it gains (the loss is summed in double).
 */
public final class GradientCheck {
    private static final float STEP = 1e-2f;

    private GradientCheck() {}

    /**
     * Returns {@code max |g − d| / max |d|} over the parameters, g from backpropagation and d from differences. Below 1e-3 is
     * right for a smooth network in float32; at a kink, as of ReLU, differences themselves are wrong.
     *
     * @param parameters changed while it runs, restored at the end
     * @param x [inputSize × n]; read
     * @param target read
     * @param weights of the rows, or null; read
     * @param rowStreams as for {@link Backpropagation#addGradient}; read
     */
    public static double maxRelativeError(
            Network network,
            Loss loss,
            float[] parameters,
            Matrix x,
            Matrix target,
            float[] weights,
            long[] rowStreams) {
        Backpropagation backpropagation = new Backpropagation(network, loss, x.columns());
        GradientSum sum = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, weights, rowStreams, sum);
        double worst = 0;
        double largest = 0;
        for (int i = 0; i < network.parameterCount(); i++) {
            float kept = parameters[i];
            float above = kept + STEP;
            float below = kept - STEP;
            parameters[i] = above;
            double up = loss(backpropagation, parameters, x, target, weights, rowStreams);
            parameters[i] = below;
            double down = loss(backpropagation, parameters, x, target, weights, rowStreams);
            parameters[i] = kept;
            double difference = (up - down) / ((double) above - below);
            worst = Math.max(worst, Math.abs(sum.gradient()[i] - difference));
            largest = Math.max(largest, Math.abs(difference));
        }
        return worst / Math.max(largest, Double.MIN_NORMAL);
    }

    /** Likewise, of a network that is not {@linkplain Network#isRandom random}. */
    public static double maxRelativeError(
            Network network, Loss loss, float[] parameters, Matrix x, Matrix target, float[] weights) {
        return maxRelativeError(network, loss, parameters, x, target, weights, null);
    }

    private static double loss(
            Backpropagation backpropagation,
            float[] parameters,
            Matrix x,
            Matrix target,
            float[] weights,
            long[] rowStreams) {
        LossSum sum = new LossSum();
        backpropagation.addTrainingLoss(parameters, x, target, weights, rowStreams, sum);
        return sum.loss();
    }
}
