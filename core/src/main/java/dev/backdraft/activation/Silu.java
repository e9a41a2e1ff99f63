package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Exponential;

/** f(x) = x σ(x) with the sigmoid σ, also called swish; f' = σ (1 + x (1 − σ)). Elfwing, Uchibe and Doya 2018. */
public record Silu() implements ScalarActivation {
    @Override
    public String name() {
        return "silu";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public double value(double x) {
        return x * Exponential.sigmoid(x);
    }

    @Override
    public double slope(double x, double y) {
        double sigmoid = Exponential.sigmoid(x);
        return sigmoid * (1 + x * (1 - sigmoid));
    }
}
