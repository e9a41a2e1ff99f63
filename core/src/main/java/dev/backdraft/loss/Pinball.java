package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.List;

/**
 * Pinball loss of K quantiles of one label, the mean over the quantiles: {@code L = 1/K Σₖ max(τₖ r, (τₖ − 1) r)} with
 * {@code r = t − qₖ} and levels τ₁ &lt; … &lt; τ_K, one output each. Minimized by the quantiles of t: with level 0.9,
 * nine in ten labels are below q. Koenker and Bassett 1978, "Regression quantiles".
 *
 * <p>Quantiles never cross: {@code q₁ = z₁} and {@code qₖ = qₖ₋₁ + softplus(zₖ)}, in training and in prediction alike.
 * Sorting predictions would also make them ascend, but then the model that is used would not be the one that was
 * trained and measured.
 *
 * @param levels τ, ascending, each above 0 and below 1
 */
public record Pinball(List<Double> levels) implements DistributionLoss {
    public Pinball {
        levels = List.copyOf(levels);
        if (levels.isEmpty()) {
            throw new IllegalArgumentException("levels must be at least one, such as 0.1;0.5;0.9");
        }
        double before = 0;
        for (double level : levels) {
            if (!(level > before && level < 1)) {
                throw new IllegalArgumentException(
                        "levels must ascend and be above 0 and below 1, such as 0.1;0.5;0.9: " + levels);
            }
            before = level;
        }
    }

    /** The median, and the levels 0.1 and 0.9, between which are eight in ten labels. */
    public Pinball() {
        this(List.of(0.1, 0.5, 0.9));
    }

    @Override
    public String name() {
        return "pinball";
    }

    @Override
    public int outputs() {
        return levels.size();
    }

    @Override
    public String outputName(int output) {
        return "q" + levels.get(output);
    }

    /** The one whose level is the closest to one half. */
    @Override
    public int pointOutput() {
        int closest = 0;
        for (int k = 1; k < levels.size(); k++) {
            if (Math.abs(levels.get(k) - 0.5) < Math.abs(levels.get(closest) - 0.5)) {
                closest = k;
            }
        }
        return closest;
    }

    @Override
    public boolean isDeviation(int output) {
        return false;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        DistributionLoss.check(this, logits, target);
        int count = levels.size();
        double[] slopes = new double[count]; // dl/dqₖ
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            double loss = 0;
            double quantile = 0;
            for (int k = 0; k < count; k++) {
                double z = logits.get(k, n);
                quantile = k == 0 ? z : quantile + softplus(z);
                double r = target.get(0, n) - quantile;
                double level = levels.get(k);
                loss += Math.max(level * r, (level - 1) * r);
                slopes[k] = r > 0 ? -level : r < 0 ? 1 - level : 0;
            }
            double w = (double) Loss.weight(weights, n) / count;
            double above = 0; // Σ over the quantiles that move with zₖ
            for (int k = count - 1; k >= 0; k--) {
                above += slopes[k];
                double move = k == 0 ? 1 : Probability.inGradient(Exponential.sigmoid(logits.get(k, n)));
                dLogits.set(k, n, (float) (w * move * above));
            }
            sum += w * loss;
        }
        return sum;
    }

    /** The quantiles, ascending. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        for (int n = 0; n < logits.columns(); n++) {
            double quantile = 0;
            for (int k = 0; k < levels.size(); k++) {
                double z = logits.get(k, n);
                quantile = k == 0 ? z : quantile + softplus(z);
                prediction.set(k, n, (float) quantile);
            }
        }
    }

    /** {@code log(1 + eᶻ)}. */
    static double softplus(double z) {
        return Math.max(z, 0) + StrictMath.log1p(Exponential.exp(-Math.abs(z)));
    }
}
