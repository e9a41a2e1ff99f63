package dev.backdraft.loss;

/**
 * Root of the mean squared error over the whole batch and all outputs (RMSE), {@code E = √(1/(N K) Σₙ Σₖ (z − t)²)}.
 *
 * <p>It is no mean over rows, and the mean of the RMSE of parts is not that of the whole. So {@link #sum} gives squared errors,
 * as {@link SquaredError} with the mean over outputs; sums and weights are added up, and only {@link #objective} takes the root:
 * E(m) = √m, {@code dE/dm = 1 / (2 √m)}, and slope 0 at m = 0, where it is undefined.
 */
public record RootSquaredError() implements RegressionLoss {
    @Override
    public String name() {
        return "root-squared-error";
    }

    /** Always the mean. */
    @Override
    public OutputReduction reduction() {
        return OutputReduction.MEAN;
    }

    /** The squared error. */
    @Override
    public double value(double z, double t) {
        return (z - t) * (z - t);
    }

    /** That of the squared error. */
    @Override
    public double slope(double z, double t) {
        return 2 * (z - t);
    }

    @Override
    public double objective(double meanLoss) {
        return Math.sqrt(meanLoss);
    }

    @Override
    public double objectiveSlope(double meanLoss) {
        return meanLoss == 0 ? 0 : 1 / (2 * Math.sqrt(meanLoss));
    }
}
