package dev.backdraft.optim;

import java.io.Serializable;

/**
 * Keeps a gradient from being too long: first by value, {@code gᵢ ← max(−c, min(c, gᵢ))} (Mikolov 2012), then by global norm,
 * {@code g ← g c/‖g‖₂} where ‖g‖₂ &gt; c (Pascanu, Mikolov and Bengio 2013). The gradient of the mean loss is clipped before the
 * {@link Penalty} is added. PyTorch divides by ‖g‖₂ + 1e-6 instead; here a clipped gradient has norm c.
 *
 * <p>NaN stays NaN, and an infinite norm makes NaN: a diverged training is not hidden.
 *
 * @param value c of the entries, at least 0; 0 for none
 * @param norm c of the global norm, at least 0; 0 for none
 */
public record Clipping(double value, double norm) implements Serializable {
    public Clipping {
        Settings.requireNotNegative("value", value);
        Settings.requireNotNegative("norm", norm);
    }

    /** No clipping. */
    public Clipping() {
        this(0, 0);
    }

    /** Whether it leaves every gradient as it is. */
    public boolean isNone() {
        return value == 0 && norm == 0;
    }

    /**
     * Clips the first entries of a gradient.
     *
     * @param parameterCount entries that count; those behind them are left alone
     * @param gradient changed
     */
    public void apply(int parameterCount, float[] gradient) {
        clipValues(gradient, 0, parameterCount);
        if (norm > 0) {
            scale(normScale(Norms.euclidean(gradient, 0, parameterCount)), gradient, 0, parameterCount);
        }
    }

    /** Clips the entries from (inclusive) to (exclusive) by value. */
    public void clipValues(float[] gradient, int from, int to) {
        if (value > 0) {
            float limit = (float) value;
            for (int i = from; i < to; i++) {
                gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
            }
        }
    }

    /** What a gradient of this length is multiplied with: 1 where it is not too long. */
    public double normScale(double length) {
        return norm > 0 && length > norm ? norm / length : 1;
    }

    private static void scale(double scale, float[] gradient, int from, int to) {
        if (scale != 1) {
            float factor = (float) scale;
            for (int i = from; i < to; i++) {
                gradient[i] *= factor;
            }
        }
    }
}
