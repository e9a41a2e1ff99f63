package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;

/** f(x) = cos x. */
public record Cos() implements ScalarActivation {
    @Override
    public String name() {
        return "cos";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public double value(double x) {
        return StrictMath.cos(x);
    }

    @Override
    public double slope(double x, double y) {
        return -StrictMath.sin(x);
    }
}
