package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Exponential;

/** f(x) = eˣ. For composed functions; as a hidden activation it overflows easily. */
public record Exp() implements ScalarActivation {
    @Override
    public String name() {
        return "exp";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public double value(double x) {
        return Exponential.exp(x);
    }

    @Override
    public double slope(double x, double y) {
        return Exponential.exp(x);
    }
}
