package dev.backdraft.metric;

import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The metrics without settings. Each is labelled by its constant: {@code F1_MACRO} is {@code f1-macro}. */
public enum StandardMetric implements Metric {
    /** The loss that the network was trained with, as {@link MetricSums#loss} reports it. */
    LOSS(false, Collected.LOSS, MetricSums::loss),

    /** Share of rows predicted right. */
    ACCURACY(true, Collected.COUNTS, sums -> sums.counts().accuracy()),
    /** Mean recall of the classes that occur. */
    BALANCED_ACCURACY(true, Collected.COUNTS, sums -> sums.counts().balancedAccuracy()),
    PRECISION_MACRO(true, Collected.COUNTS, sums -> sums.counts().precision(Average.MACRO)),
    PRECISION_MICRO(true, Collected.COUNTS, sums -> sums.counts().precision(Average.MICRO)),
    PRECISION_WEIGHTED(true, Collected.COUNTS, sums -> sums.counts().precision(Average.WEIGHTED)),
    RECALL_MACRO(true, Collected.COUNTS, sums -> sums.counts().recall(Average.MACRO)),
    RECALL_MICRO(true, Collected.COUNTS, sums -> sums.counts().recall(Average.MICRO)),
    RECALL_WEIGHTED(true, Collected.COUNTS, sums -> sums.counts().recall(Average.WEIGHTED)),
    F1_MACRO(true, Collected.COUNTS, sums -> sums.counts().f1(Average.MACRO)),
    F1_MICRO(true, Collected.COUNTS, sums -> sums.counts().f1(Average.MICRO)),
    F1_WEIGHTED(true, Collected.COUNTS, sums -> sums.counts().f1(Average.WEIGHTED)),
    /** Matthews' correlation. */
    MATTHEWS(true, Collected.COUNTS, sums -> sums.counts().matthews()),
    /** Cohen's κ. */
    COHEN_KAPPA(true, Collected.COUNTS, sums -> sums.counts().cohenKappa()),

    /**
     * Area under the ROC curve; of several classes the mean of each against the rest, over those for which it is
     * defined.
     */
    ROC_AUC(true, Collected.SCORES, sums -> sums.meanOfClasses(BinaryScores::rocAuc)),
    /** Average precision; of several classes the mean of each against the rest. */
    AVERAGE_PRECISION(true, Collected.SCORES, sums -> sums.meanOfClasses(BinaryScores::averagePrecision)),

    LOG_LOSS(false, Collected.PROBABILITIES, sums -> sums.probabilities().logLoss()),
    BRIER(false, Collected.PROBABILITIES, sums -> sums.probabilities().brier()),
    /** Expected calibration error in 15 bins. */
    CALIBRATION_ERROR(false, Collected.CALIBRATION, sums -> sums.calibration().expectedError()),

    /** Mean squared error. */
    MSE(false, Collected.VALUES, sums -> sums.values().meanSquaredError()),
    /** Root of the mean squared error. */
    RMSE(false, Collected.VALUES, sums -> sums.values().rootMeanSquaredError()),
    /** Mean absolute error. */
    MAE(false, Collected.VALUES, sums -> sums.values().meanAbsoluteError()),
    /**
     * Mean of predicted minus true, over rows and columns: above 0 where predictions are too high on average. Its size,
     * not the value, is to be small; as errors of both signs cancel, 0 does not mean that predictions are close.
     */
    MEAN_BIAS_ERROR(false, Collected.VALUES, sums -> sums.values().meanBiasError()) {
        @Override
        public boolean improves(double value, double best, double minimumChange) {
            return super.improves(Math.abs(value), Math.abs(best), minimumChange);
        }
    },
    MAX_ERROR(false, Collected.VALUES, sums -> sums.values().maxError()),
    R2(true, Collected.VALUES, sums -> sums.values().r2()),
    EXPLAINED_VARIANCE(true, Collected.VALUES, sums -> sums.values().explainedVariance()),
    MEDIAN_ABSOLUTE_ERROR(false, Collected.ABSOLUTE_ERRORS, MetricSums::medianAbsoluteError),

    POISSON_DEVIANCE(false, Collected.DEVIANCES, sums -> sums.deviances().poisson()),
    GAMMA_DEVIANCE(false, Collected.DEVIANCES, sums -> sums.deviances().gamma()),
    /** With the power of the loss {@code tweedie}, and with 1.5 for other losses. */
    TWEEDIE_DEVIANCE(false, Collected.DEVIANCES, sums -> sums.deviances().tweedie()),

    /** Mean pinball loss of quantiles, in the label's own unit. */
    PINBALL_LOSS(false, Collected.QUANTILES, sums -> sums.quantiles().pinballLoss()),
    /**
     * The share of labels between the lowest and the highest quantile, less the difference of their levels: above 0
     * where intervals are too wide. Its size, not the value, is to be small.
     */
    COVERAGE_ERROR(false, Collected.QUANTILES, sums -> sums.quantiles().coverageError()) {
        @Override
        public boolean improves(double value, double best, double minimumChange) {
            return super.improves(Math.abs(value), Math.abs(best), minimumChange);
        }
    };

    private final boolean largerIsBetter;
    private final Collected collected;

    @SuppressWarnings("ImmutableEnumChecker") // the functions hold nothing
    private final ToDoubleFunction<MetricSums> value;

    StandardMetric(boolean largerIsBetter, Collected collected, ToDoubleFunction<MetricSums> value) {
        this.largerIsBetter = largerIsBetter;
        this.collected = collected;
        this.value = value;
    }

    @Override
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @Override
    public boolean largerIsBetter() {
        return largerIsBetter;
    }

    @Override
    public boolean suits(PredictionKind kind) {
        return switch (collected) {
            case LOSS -> true;
            case VALUES, ABSOLUTE_ERRORS -> kind == PredictionKind.VALUES || kind == PredictionKind.QUANTILES;
            case DEVIANCES -> kind == PredictionKind.VALUES;
            case QUANTILES -> kind == PredictionKind.QUANTILES;
            default -> kind == PredictionKind.QUESTIONS || kind == PredictionKind.CLASSES;
        };
    }

    @Override
    public Set<Collected> collects() {
        return Set.of(collected);
    }

    @Override
    public double value(MetricSums sums) {
        return value.applyAsDouble(sums);
    }
}
