package dev.backdraft.network;

import dev.backdraft.layer.Parameter;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Compares a gradient with numerical differentiation. The derivative for each parameter p is taken from
 * four losses, {@code d = (8 (L(p + h/2) − L(p − h/2)) − (L(p + h) − L(p − h)))/(6 h)}, whose error is of order h⁴, with h = 0.02: in
 * float32 a smaller step loses more to rounding than it gains (the loss is summed in double).
 *
 * <p>Below 1e-3 is right for a smooth network; at a kink, as of ReLU, differences themselves are wrong.
 *
 * @param matrices for each matrix of parameters the entry that is worst
 * @param maxRelativeError {@code max |g − d| / max |d|} over all parameters, g the gradient; NaN when any is
 */
public record GradientCheck(List<Worst> matrices, double maxRelativeError) {
    private static final float STEP = 2e-2f;

    /**
     * The entry of a matrix where the two differ most.
     *
     * @param layer that the matrix belongs to
     * @param parameter its name
     * @param backpropagated g
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
     * Checks the gradient that {@link Backpropagation#addGradient} gives for a batch, in training mode, summed over the rows.
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
        LossSum losses = new LossSum();
        return of(network, parameters, sum.gradient(), changed -> {
            losses.clear();
            backpropagation.addTrainingLoss(changed, x, target, weights, rowStreams, losses);
            return losses.loss();
        });
    }

    /**
     * Checks any gradient of any loss, such as a mean that a cluster computes.
     *
     * @param parameters changed while it runs, restored at the end
     * @param gradient g, in the layout of the parameters; read
     * @param loss L of the parameters, which it reads; called four times for each
     */
    public static GradientCheck of(
            Network network, float[] parameters, float[] gradient, ToDoubleFunction<float[]> loss) {
        double[] differences = new double[network.parameterCount()];
        double largest = Double.MIN_NORMAL;
        for (int i = 0; i < differences.length; i++) {
            differences[i] = difference(parameters, i, loss);
            largest = Math.max(largest, Math.abs(differences[i]));
        }
        return compare(network, gradient, differences, largest);
    }

    private static double difference(float[] parameters, int i, ToDoubleFunction<float[]> loss) {
        float kept = parameters[i];
        double[] losses = new double[4];
        float[] points = {kept - STEP, kept - STEP / 2, kept + STEP / 2, kept + STEP};
        for (int k = 0; k < losses.length; k++) {
            parameters[i] = points[k];
            losses[k] = loss.applyAsDouble(parameters);
        }
        parameters[i] = kept;
        double near = (losses[2] - losses[1]) / ((double) points[2] - points[1]); // as the points were rounded
        double far = (losses[3] - losses[0]) / ((double) points[3] - points[0]);
        return (4 * near - far) / 3;
    }

    private static GradientCheck compare(Network network, float[] gradient, double[] differences, double largest) {
        List<Worst> matrices = new ArrayList<>();
        double max = 0;
        int from = 0;
        for (int layer = 0; layer < network.layers().size(); layer++) {
            for (Parameter part : network.layers().get(layer).parameters()) {
                int worst = from;
                double error = -1;
                for (int i = from; i < from + part.size() && !Double.isNaN(error); i++) { // NaN is the worst
                    double here = Math.abs(gradient[i] - differences[i]) / largest;
                    if (!(here <= error)) {
                        worst = i;
                        error = here;
                    }
                }
                int entry = worst - from;
                matrices.add(new Worst(
                        layer,
                        part.name(),
                        entry % part.rows(),
                        entry / part.rows(),
                        gradient[worst],
                        differences[worst],
                        error));
                max = Math.max(max, error);
                from += part.size();
            }
        }
        return new GradientCheck(matrices, max);
    }
}
