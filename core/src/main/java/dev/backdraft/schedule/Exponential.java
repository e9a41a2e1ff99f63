package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * Exponential decay by a factor: {@code η(t) = η₀ γᵗ}. As PyTorch's ExponentialLR; {@link ExponentialRate} with k = −ln γ.
 *
 * @param gamma γ, positive and at most 1: what a unit of t leaves
 */
public record Exponential(double gamma) implements Schedule {
    public Exponential {
        Require.factor("gamma", gamma);
    }

    /** γ = 0.95, for a t that counts epochs. */
    public Exponential() {
        this(0.95);
    }

    @Override
    public String name() {
        return "exponential";
    }

    @Override
    public boolean dependsOnTotal() {
        return false;
    }

    @Override
    public double rate(double base, long t, long total) {
        return base * StrictMath.pow(gamma, (double) t);
    }
}
