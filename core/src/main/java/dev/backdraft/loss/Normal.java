package dev.backdraft.loss;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * Negative log-likelihood of one label under a normal distribution whose mean μ and deviation σ are the two outputs:
 * {@code L = ½ ((t − μ)/σ)² + log σ + ½ log 2π} with {@code μ = z₁} and {@code σ = σ₀ + softplus(z₂)}, which is above
 * 0. {@code dL/dz₁ = (μ − t)/σ²}, {@code dL/dz₂ = (1/σ − (t − μ)²/σ³) sigmoid(z₂)}. Nix and Weigend 1994, "Estimating
 * the mean and variance of the target probability distribution".
 *
 * <p>So each row has its own uncertainty. Without σ₀, the loss would fall without bound where labels are predicted
 * exactly.
 *
 * @param minimumDeviation σ₀ &gt; 0, in the units of the label as the network sees it: of the standardized label, if it
 *     is standardized
 */
public record Normal(double minimumDeviation) implements DistributionLoss {
    private static final double HALF_LOG_2_PI = 0.5 * StrictMath.log(2 * Math.PI);

    public Normal {
        Require.positive("minimumDeviation", minimumDeviation);
    }

    /** At least a thousandth, as in PyTorch, where the variance is at least 10⁻⁶. */
    public Normal() {
        this(1e-3);
    }

    @Override
    public String name() {
        return "normal";
    }

    @Override
    public int outputs() {
        return 2;
    }

    @Override
    public String outputName(int output) {
        return output == 0 ? "mean" : "deviation";
    }

    /** The mean. */
    @Override
    public int pointOutput() {
        return 0;
    }

    @Override
    public boolean isDeviation(int output) {
        return output == 1;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        DistributionLoss.check(this, logits, target);
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            double z = logits.get(1, n);
            double deviation = deviation(z);
            double r = (target.get(0, n) - (double) logits.get(0, n)) / deviation;
            double w = Loss.weight(weights, n);
            sum += w * (r * r / 2 + StrictMath.log(deviation) + HALF_LOG_2_PI);
            dLogits.set(0, n, (float) (-w * r / deviation));
            dLogits.set(1, n, (float) (w * (1 - r * r) / deviation * Probability.inGradient(Exponential.sigmoid(z))));
        }
        return sum;
    }

    private double deviation(double z) {
        return minimumDeviation + Pinball.softplus(z);
    }

    /** The mean and the deviation. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        for (int n = 0; n < logits.columns(); n++) {
            prediction.set(0, n, logits.get(0, n));
            prediction.set(1, n, (float) deviation(logits.get(1, n)));
        }
    }
}
