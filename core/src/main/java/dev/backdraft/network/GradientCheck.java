package dev.backdraft.network;

import dev.backdraft.layer.Parameter;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares backpropagation with numerical differentiation, in training mode. The derivative for each parameter p is taken from
 * four losses, {@code d = (8 (L(p + h/2) − L(p − h/2)) − (L(p + h) − L(p − h)))/(6 h)}, whose error is of order h⁴, with h = 0.02: in
 * float32 a smaller step loses more to rounding than it gains (the loss is summed in double).
 *
 * <p>Below 1e-3 is right for a smooth network; at a kink, as of ReLU, differences themselves are wrong.
 *
 * @param matrices for each matrix of parameters the entry that is worst
 * @param maxRelativeError {@code max |g − d| / max |d|} over all parameters, g from backpropagation
 */
public record GradientCheck(List<Worst> matrices, double maxRelativeError) {
    private static final float STEP = 2e-2f;

    /**
     * The entry of a matrix where the two differ most.
     *
     * @param layer that the matrix belongs to
     * @param parameter its name
     * @param backpropagated g, summed over the rows
     * @param numerical d
     * @param relativeError {@code |g − d|} over the largest |d| of all parameters
     */
    public record Worst(
            int layer,
            String parameter,
            int row,
            int column,
            double backpropagated,
            double numerical,
            double relativeError) {}

    public GradientCheck {
        matrices = List.copyOf(matrices);
    }

    /**
     * Checks the gradient of a batch.
     *
     * @param parameters changed while it runs, restored at the end
     * @param x [inputSize × n]; read
     * @param target read
     * @param weights of the rows, or null; read
     * @param rowStreams as for {@link Backpropagation#addGradient}; read
     */
    public static GradientCheck of(
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
        double[] differences = new double[network.parameterCount()];
        double largest = Double.MIN_NORMAL;
        for (int i = 0; i < differences.length; i++) {
            float kept = parameters[i];
            double[] losses = new double[4];
            float[] points = {kept - STEP, kept - STEP / 2, kept + STEP / 2, kept + STEP};
            for (int k = 0; k < losses.length; k++) {
                parameters[i] = points[k];
                LossSum at = new LossSum();
                backpropagation.addTrainingLoss(parameters, x, target, weights, rowStreams, at);
                losses[k] = at.loss();
            }
            parameters[i] = kept;
            double near = (losses[2] - losses[1]) / ((double) points[2] - points[1]); // as the points were rounded
            double far = (losses[3] - losses[0]) / ((double) points[3] - points[0]);
            differences[i] = (4 * near - far) / 3;
            largest = Math.max(largest, Math.abs(differences[i]));
        }
        return compare(network, sum.gradient(), differences, largest);
    }

    private static GradientCheck compare(Network network, float[] gradient, double[] differences, double largest) {
        List<Worst> matrices = new ArrayList<>();
        double max = 0;
        int from = 0;
        for (int layer = 0; layer < network.layers().size(); layer++) {
            for (Parameter part : network.layers().get(layer).parameters()) {
                int worst = from;
                for (int i = from; i < from + part.size(); i++) {
                    double error = Math.abs(gradient[i] - differences[i]);
                    if (!(error <= Math.abs(gradient[worst] - differences[worst]))) { // NaN is the worst
                        worst = i;
                    }
                }
                int entry = worst - from;
                double error = Math.abs(gradient[worst] - differences[worst]) / largest;
                matrices.add(new Worst(
                        layer,
                        part.name(),
                        entry % part.rows(),
                        entry / part.rows(),
                        gradient[worst],
                        differences[worst],
                        error));
                max = Double.isNaN(error) ? error : Math.max(max, error);
                from += part.size();
            }
        }
        return new GradientCheck(matrices, max);
    }
}
