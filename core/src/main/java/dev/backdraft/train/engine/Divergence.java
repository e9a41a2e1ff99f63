package dev.backdraft.train.engine;

import dev.backdraft.network.FlatLayout;
import dev.backdraft.network.GradientSum;
import dev.backdraft.tensor.Tensor;
import dev.backdraft.tensor.TouchedColumns;
import dev.backdraft.train.DivergedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;

/** Finds numbers that are not finite, and the tensor that they are in. */
final class Divergence {
    private Divergence() {}

    /** Whether the entries of a sum of gradients are finite, those of statistics aside. */
    static boolean isFinite(GradientSum sum, int parameterCount, GradientSource source) {
        float[] gradient = sum.gradient();
        TouchedColumns touched = sum.touched();
        AtomicBoolean found = new AtomicBoolean();
        source.overRanges(parameterCount, (from, to) -> {
            if (touched == null ? !isFinite(gradient, from, to) : !isFinite(gradient, touched, from, to)) {
                found.set(true);
            }
        });
        return !found.get();
    }

    private static boolean isFinite(float[] vector, TouchedColumns touched, int from, int to) {
        for (int start = touched.start(from); start < to; ) {
            int end = Math.min(to, touched.end(start));
            if (!isFinite(vector, start, end)) {
                return false;
            }
            start = touched.start(end);
        }
        return true;
    }

    /** Whether the entries from (inclusive) to (exclusive) are finite. Any other number times 0 is NaN. */
    static boolean isFinite(float[] vector, int from, int to) {
        float first = 0; // four chains of additions, which do not wait for each other
        float second = 0;
        float third = 0;
        float fourth = 0;
        int i = from;
        for (; i + 3 < to; i += 4) {
            first += vector[i] * 0;
            second += vector[i + 1] * 0;
            third += vector[i + 2] * 0;
            fourth += vector[i + 3] * 0;
        }
        for (; i < to; i++) {
            first += vector[i] * 0;
        }
        return first + second + third + fourth == 0;
    }

    /**
     * Names the first tensor whose values or gradient are not finite; where all of them are, the one with the largest
     * gradient.
     *
     * @param gradient of the sum of losses
     * @param weight by which it is to be divided
     */
    static String where(FlatLayout layout, float[] parameters, float[] gradient, double weight) {
        String largest = "";
        double largestNorm = -1;
        for (Tensor tensor : tensors(layout)) {
            double value = norm(parameters, tensor);
            double slope = norm(gradient, tensor) / weight;
            if (!Double.isFinite(value)) {
                return sentence(tensor, value);
            }
            if (!Double.isFinite(slope)) {
                return slope(tensor, slope);
            }
            if (slope > largestNorm) {
                largestNorm = slope;
                largest = String.format(
                        Locale.ROOT, "the largest gradient is that of %s, with norm %.4g", tensor.name(), slope);
            }
        }
        return largest;
    }

    /**
     * Names the tensor of an entry of a gradient that was not finite.
     *
     * @param gradient the mean, which stages of the update may have changed since
     */
    static String inGradient(FlatLayout layout, float[] gradient, int entry) {
        for (Tensor tensor : layout.parameters()) {
            if (entry < tensor.end()) {
                double norm = norm(gradient, tensor);
                return slope(tensor, Double.isFinite(norm) ? Double.POSITIVE_INFINITY : norm); // clipped meanwhile
            }
        }
        throw new IndexOutOfBoundsException(entry);
    }

    private static String slope(Tensor tensor, double norm) {
        return String.format(Locale.ROOT, "the gradient of %s has norm %s", tensor.name(), norm);
    }

    /**
     * Checks parameters and statistics.
     *
     * @throws DivergedException when one is not finite
     */
    static void check(FlatLayout layout, float[] parameters, int epoch, long step, double rate, double weight) {
        if (isFinite(parameters, 0, parameters.length)) {
            return;
        }
        for (Tensor tensor : tensors(layout)) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                if (!Float.isFinite(parameters[i])) {
                    String where = sentence(tensor, norm(parameters, tensor));
                    throw new DivergedException("a parameter is " + parameters[i], where, epoch, step, rate, weight);
                }
            }
        }
        throw new IllegalStateException("a number outside of all tensors is not finite");
    }

    private static String sentence(Tensor tensor, double norm) {
        return String.format(Locale.ROOT, "%s has norm %s", tensor.name(), norm);
    }

    private static List<Tensor> tensors(FlatLayout layout) {
        List<Tensor> tensors = new ArrayList<>(layout.parameters());
        tensors.addAll(layout.statistics());
        return tensors;
    }

    private static double norm(float[] vector, Tensor tensor) {
        double squares = 0;
        for (int i = tensor.offset(); i < tensor.end(); i++) {
            squares += (double) vector[i] * vector[i];
        }
        return Math.sqrt(squares);
    }
}
