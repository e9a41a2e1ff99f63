package dev.backdraft.layer;

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
        return x * sigmoid(x);
    }

    @Override
    public double slope(double x, double y) {
        return sigmoid(x) * (1 + x * (1 - sigmoid(x)));
    }

    private static double sigmoid(double x) {
        double e = StrictMath.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }
}
