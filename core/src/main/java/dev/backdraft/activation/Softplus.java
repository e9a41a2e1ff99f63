package dev.backdraft.activation;

import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Exponential;

/** f(x) = log(1 + eˣ), a smooth ReLU; f' is the sigmoid. Never overflows: it is max(x, 0) + log(1 + e^−|x|). Dugas et al. 2001. */
public record Softplus() implements ScalarActivation {
    @Override
    public String name() {
        return "softplus";
    }

    @Override
    public Initializer initializer() {
        return new HeNormal();
    }

    @Override
    public double value(double x) {
        return Math.max(x, 0) + StrictMath.log1p(Exponential.exp(-Math.abs(x)));
    }

    @Override
    public double slope(double x, double y) {
        return Exponential.sigmoid(x);
    }
}
