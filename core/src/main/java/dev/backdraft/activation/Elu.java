package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;

/**
 * f(x) = x where x > 0, else α (eˣ − 1). Clevert, Unterthiner and Hochreiter 2016.
 *
 * @param alpha α, at least 0: −α is where it saturates
 */
public record Elu(double alpha) implements ScalarActivation {
    public Elu {
        Require.notNegative("the alpha of an ELU", alpha);
    }

    /** α = 1, so that the slope has no jump at 0. */
    public Elu() {
        this(1);
    }

    @Override
    public String name() {
        return "elu";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public double value(double x) {
        return x > 0 ? x : alpha * Exponential.expm1(x);
    }

    @Override
    public double slope(double x, double y) {
        return x > 0 ? 1 : alpha * Exponential.exp(x);
    }
}
