package dev.backdraft.activation;

import dev.backdraft.initializer.Initializer;
import dev.backdraft.initializer.LecunNormal;
import dev.backdraft.linalg.Exponential;

/**
 * Self-normalizing ELU: f(x) = λ x where x > 0, else λ α (eˣ − 1), with λ = 1.0507… and α = 1.6733…, so that with LeCun's
 * initialization mean 0 and variance 1 are kept from layer to layer. Klambauer et al. 2017.
 */
public record Selu() implements ScalarActivation {
    private static final double SCALE = 1.0507009873554805;
    private static final double ALPHA = 1.6732632423543772;

    @Override
    public String name() {
        return "selu";
    }

    @Override
    public Initializer initializer() {
        return new LecunNormal();
    }

    @Override
    public double value(double x) {
        return SCALE * (x > 0 ? x : ALPHA * Exponential.expm1(x));
    }

    @Override
    public double slope(double x, double y) {
        return SCALE * (x > 0 ? 1 : ALPHA * Exponential.exp(x));
    }
}
