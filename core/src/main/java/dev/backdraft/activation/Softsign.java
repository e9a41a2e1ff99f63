package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;

/** f(x) = x/(1 + |x|), f' = 1/(1 + |x|)². Bergstra et al. 2009. */
public record Softsign() implements ScalarActivation {
    @Override
    public String name() {
        return "softsign";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public double value(double x) {
        return x / (1 + Math.abs(x));
    }

    @Override
    public double slope(double x, double y) {
        return 1 / ((1 + Math.abs(x)) * (1 + Math.abs(x)));
    }
}
