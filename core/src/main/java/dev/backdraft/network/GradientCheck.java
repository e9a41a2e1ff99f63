package dev.backdraft.network;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.tensor.Parameter;
import dev.backdraft.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Compares a gradient g with numerical differentiation: with the difference d of each parameter, from four losses around it,
 * {@code d = (8 (L(p + h/2) − L(p − h/2)) − (L(p + h) − L(p − h)))/(6 h)}, h = 0.02.
 *
 * <p>A relative error below {@link #RIGHT} is right for a smooth network in float32. Where a kink, as of ReLU, lies within the
 * steps of the difference, or where the loss bends strongly, d itself is wrong: {@link #besideKinks} sees to that.
 *
 * @param matrices for each matrix of parameters the entry that is worst
 * @param maxRelativeError {@code max |g − d| / max |d|} over all parameters that were looked at
 * @param entries number of them
 * @param retaken how many of them disagreed at first, and agreed with smaller steps
 */
public record GradientCheck(List<Worst> matrices, double maxRelativeError, int entries, int retaken) {
    /** The largest relative error of a right gradient. */
    public static final double RIGHT = 1e-3;

    private static final double GOLDEN = 0.6180339887498949; // (√5 − 1)/2
    private static final float[] SMALLER = {4e-3f, 1e-3f, 2.5e-4f, 5e-5f, 1e-5f, 2e-6f};

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

    /** Whether the gradient is right. */
    public boolean isRight() {
        return maxRelativeError < RIGHT;
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
        BatchLoss batch = new BatchLoss(network, loss, x, target, weights, rowStreams);
        return of(network, parameters, batch.gradient(parameters), batch);
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
        return new Comparison(network, gradient, new Differences(parameters, loss), Integer.MAX_VALUE).result(0);
    }

    /**
     * Checks a gradient where the loss may have kinks, or inputs are so large that it bends within a step.
     *
     * <p>Entries that disagree are taken again with smaller and smaller steps, 0.004 to 0.000002: a kink that lay between the points
     * is then beside them, but a wrong gradient stays wrong. If they still disagree, a kink may be at the very point, as it is for
     * ReLU where all inputs are 0: there every value between the derivatives from the left and from the right is right.
     *
     * @param parameters changed while it runs, restored at the end
     * @param gradient g, in the layout of the parameters; read
     * @param loss L of the parameters, which it reads
     * @param entriesOfEach matrix that are looked at, spread over it
     */
    public static GradientCheck besideKinks(
            Network network, float[] parameters, float[] gradient, ToDoubleFunction<float[]> loss, int entriesOfEach) {
        Comparison comparison = new Comparison(network, gradient, new Differences(parameters, loss), entriesOfEach);
        return comparison.result(comparison.settleKinks());
    }

    /** The entries that are looked at, and what both sides say of them. */
    private static final class Comparison {
        private final List<Tensor> tensors;
        private final float[] gradient;
        private final Differences numerical;
        private final int[][] entries; // of each matrix, as places in the flat vector
        private final double[][] differences; // of each entry
        private double largest = Double.MIN_NORMAL; // of the differences

        Comparison(Network network, float[] gradient, Differences numerical, int entriesOfEach) {
            tensors = network.layout().parameters();
            this.gradient = gradient;
            this.numerical = numerical;
            List<int[]> places = new ArrayList<>();
            for (Tensor tensor : tensors) {
                places.add(places(tensor.offset(), tensor.parameter().size(), entriesOfEach));
            }
            entries = places.toArray(new int[0][]);
            differences = new double[entries.length][];
            for (int m = 0; m < entries.length; m++) {
                differences[m] = new double[entries[m].length];
                for (int i = 0; i < entries[m].length; i++) {
                    differences[m][i] = numerical.derivative(entries[m][i]);
                    largest = Math.max(largest, Math.abs(differences[m][i]));
                }
            }
        }

        /** Up to this many places: all of them, or those that multiples of the golden section spread over rows and columns. */
        private static int[] places(int from, int size, int wanted) {
            int[] places = new int[Math.min(size, wanted)];
            for (int k = 0; k < places.length; k++) {
                double share = k * GOLDEN - Math.floor(k * GOLDEN);
                places[k] = from + (size <= wanted ? k : (int) (share * size));
            }
            return places;
        }

        private double error(int matrix, int i) {
            return Math.abs(gradient[entries[matrix][i]] - differences[matrix][i]) / largest;
        }

        /** Takes entries that disagree again; returns how many agree then. */
        int settleKinks() {
            int settled = 0;
            for (int m = 0; m < entries.length; m++) {
                for (int i = 0; i < entries[m].length; i++) {
                    if (error(m, i) >= RIGHT) {
                        differences[m][i] = nearest(entries[m][i], differences[m][i]);
                        settled += error(m, i) < RIGHT ? 1 : 0;
                    }
                }
            }
            return settled;
        }

        /** The difference that is nearest to the gradient: the one known already, or one with a smaller step. */
        private double nearest(int entry, double known) {
            double g = gradient[entry];
            double best = known;
            for (float step : SMALLER) {
                best = nearer(g, best, numerical.slope(entry, -step, step));
                if (Math.abs(g - best) < RIGHT * largest) {
                    return best;
                }
            }
            float step = SMALLER[1];
            double left = numerical.slope(entry, -step, 0);
            double right = numerical.slope(entry, 0, step);
            double between = Math.max(Math.min(left, right), Math.min(g, Math.max(left, right)));
            return nearer(g, best, between);
        }

        private static double nearer(double g, double best, double other) {
            return Math.abs(g - other) < Math.abs(g - best) ? other : best;
        }

        GradientCheck result(int retaken) {
            List<Worst> matrices = new ArrayList<>();
            double max = 0;
            for (int m = 0; m < tensors.size(); m++) {
                int worst = 0;
                for (int i = 1; i < entries[m].length && !Double.isNaN(error(m, worst)); i++) { // NaN is the worst
                    worst = error(m, i) <= error(m, worst) ? worst : i;
                }
                Parameter part = tensors.get(m).parameter();
                int entry = entries[m][worst] - tensors.get(m).offset();
                matrices.add(new Worst(
                        tensors.get(m).layer(),
                        part.name(),
                        entry % part.rows(),
                        entry / part.rows(),
                        gradient[entries[m][worst]],
                        differences[m][worst],
                        error(m, worst)));
                max = Math.max(max, error(m, worst)); // NaN stays
            }
            int count = Arrays.stream(entries).mapToInt(of -> of.length).sum();
            return new GradientCheck(matrices, max, count, retaken);
        }
    }
}
