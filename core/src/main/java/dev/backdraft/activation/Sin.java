package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;

/** f(x) = sin x. */
public record Sin() implements ScalarActivation {
    @Override
    public String name() {
        return "sin";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public double value(double x) {
        return StrictMath.sin(x);
    }

    @Override
    public double slope(double x, double y) {
        return StrictMath.cos(x);
    }
}
