package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.json.Require;

/**
 * f(x) = x where x > 0, else a x. Maas, Hannun and Ng 2013.
 *
 * @param slope a, finite
 */
public record LeakyRelu(double slope) implements ScalarActivation {
    public LeakyRelu {
        Require.finite("the slope of a leaky ReLU", slope);
    }

    /** a = 0.01. */
    public LeakyRelu() {
        this(0.01);
    }

    @Override
    public String name() {
        return "leaky-relu";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public double value(double x) {
        return x > 0 ? x : slope * x;
    }

    @Override
    public double slope(double x, double y) {
        return x > 0 ? 1 : slope;
    }
}
