package dev.backdraft.optim;

import dev.backdraft.json.Require;
import dev.backdraft.tensor.TouchedColumns;
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
        Require.notNegative("value", value);
        Require.notNegative("norm", norm);
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
     * Clips the entries from (inclusive) to (exclusive) by value.
     *
     * @param gradient changed
     */
    public void clipValues(float[] gradient, int from, int to) {
        if (value > 0) {
            float limit = (float) value;
            for (int i = from; i < to; i++) {
                gradient[i] = Math.max(-limit, Math.min(limit, gradient[i]));
            }
        }
    }

    /**
     * Clips the first {@code count} entries together, by their norm.
     *
     * @param gradient changed
     */
    public void clipNorm(float[] gradient, int count) {
        double length = norm > 0 ? Norms.euclidean(gradient, 0, count) : 0;
        if (length > norm) {
            scale(gradient, (float) (norm / length), 0, count);
        }
    }

    /**
     * Does the same, to the same bits, where all entries but the touched ones are +0.
     *
     * @param touched null when any entry may be something else; read
     */
    public void clipNorm(float[] gradient, int count, TouchedColumns touched) {
        if (touched == null) {
            clipNorm(gradient, count);
            return;
        }
        double length = norm > 0 ? Norms.euclidean(gradient, count, touched) : 0;
        if (length > norm) {
            float factor = (float) (norm / length);
            for (int start = touched.start(0); start < count; ) {
                int end = Math.min(count, touched.end(start));
                scale(gradient, factor, start, end);
                start = touched.start(end);
            }
        }
    }

    private static void scale(float[] gradient, float factor, int from, int to) {
        for (int i = from; i < to; i++) {
            gradient[i] *= factor;
        }
    }
}
