package dev.backdraft.network;

import java.io.Serializable;
import java.util.Arrays;

/**
 * The gradient summed over rows, with the sums of their losses and weights. Sums add; only {@link #meanGradient} divides. So
 * any cut of a batch into parts gives the same mean up to rounding, and the same bits when the parts are added in the same
 * tree. Mutable, not thread-safe.
 */
public final class GradientSum implements Serializable {
    private static final long serialVersionUID = 1;

    private final float[] gradient;
    private final LossSum losses = new LossSum();

    /** A sum of nothing, for vectors of this length: {@link Network#length}. */
    public GradientSum(int length) {
        gradient = new float[length];
    }

    /** Σ wₙ dLₙ/d(parameters); the array itself: backpropagation adds to it. */
    public float[] gradient() {
        return gradient;
    }

    /** The sums of losses and weights, itself: backpropagation adds to it. */
    public LossSum losses() {
        return losses;
    }

    /** Adds another sum entry by entry; {@code other} is read. */
    public void add(GradientSum other) {
        addEntries(other, 0, gradient.length);
        losses.add(other.losses);
    }

    /** Adds the entries of another gradient from (inclusive) to (exclusive), but no losses; {@code other} is read. */
    public void addEntries(GradientSum other, int from, int to) {
        float[] mine = gradient;
        float[] others = other.gradient;
        for (int i = from; i < to; i++) {
            mine[i] += others[i];
        }
    }

    /** Back to zero. */
    public void clear() {
        Arrays.fill(gradient, 0);
        losses.clear();
    }

    /** Overwrites {@code mean} with gradient / Σ wₙ. */
    public void meanGradient(float[] mean) {
        meanGradient(mean, 0, mean.length);
    }

    /** Does the same for the entries from (inclusive) to (exclusive) only. */
    public void meanGradient(float[] mean, int from, int to) {
        float weight = (float) losses.weight();
        for (int i = from; i < to; i++) {
            mean[i] = gradient[i] / weight;
        }
    }
}
