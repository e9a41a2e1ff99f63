package dev.backdraft.loss;

/**
 * A loss of one's own, as a user would write it; {@code META-INF/services} of the tests names it. {@code l = δ² (√(1 + (r/δ)²) −
 * 1)}: Charbonnier et al. 1997.
 */
public record PseudoHuber(double delta) implements RegressionLoss {
    public PseudoHuber() {
        this(1);
    }

    @Override
    public String name() {
        return "pseudo-huber";
    }

    @Override
    public OutputReduction reduction() {
        return OutputReduction.MEAN;
    }

    @Override
    public double value(double z, double t) {
        double r = (z - t) / delta;
        return delta * delta * (Math.sqrt(1 + r * r) - 1);
    }

    @Override
    public double slope(double z, double t) {
        double r = (z - t) / delta;
        return (z - t) / Math.sqrt(1 + r * r);
    }
}
