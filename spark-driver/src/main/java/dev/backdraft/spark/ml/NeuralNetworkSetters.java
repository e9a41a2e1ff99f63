package dev.backdraft.spark.ml;

import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;

/**
 * Sets the parameters that both estimators have. Each setter checks the value and returns the estimator.
 *
 * @param <E> the estimator itself
 */
public interface NeuralNetworkSetters<E extends Params> extends NeuralNetworkParams {
    private <T> E with(Param<T> param, T value) {
        @SuppressWarnings("unchecked") // what set returns is this
        E self = (E) set(param, value);
        return self;
    }

    default E setFeaturesCols(String... value) {
        return with(featuresCols(), value);
    }

    default E setPreset(String value) {
        return with(preset(), value);
    }

    default E setInitialModel(String value) {
        return with(initialModel(), value);
    }

    default E setColumnKinds(String value) {
        return with(columnKinds(), value);
    }

    default E setColumnEncoding(String value) {
        return with(columnEncoding(), value);
    }

    default E setContributionsCol(String value) {
        return with(contributionsCol(), value);
    }

    default E setEmbeddingCol(String value) {
        return with(embeddingCol(), value);
    }

    default E setEmbeddingLayer(int value) {
        return with(embeddingLayer(), value);
    }

    default E setWeightCol(String value) {
        return with(weightCol(), value);
    }

    default E setValidationIndicatorCol(String value) {
        return with(validationIndicatorCol(), value);
    }

    default E setHandleInvalid(String value) {
        return with(handleInvalid(), value);
    }

    default E setActivation(String value) {
        return with(activation(), value);
    }

    default E setNetwork(String value) {
        return with(network(), value);
    }

    default E setLoss(String value) {
        return with(loss(), value);
    }

    default E setLabelScale(String value) {
        return with(labelScale(), value);
    }

    default E setThreshold(String value) {
        return with(threshold(), value);
    }

    default E setOptimizer(String value) {
        return with(optimizer(), value);
    }

    default E setSchedule(String value) {
        return with(schedule(), value);
    }

    default E setEarlyStoppingMetric(String value) {
        return with(earlyStoppingMetric(), value);
    }

    default E setSettings(String value) {
        return with(settings(), value);
    }

    default E setAggregation(String value) {
        return with(aggregation(), value);
    }

    default E setCheckpointDir(String value) {
        return with(checkpointDir(), value);
    }

    default E setCheckpointInterval(String value) {
        return with(checkpointInterval(), value);
    }

    /** Writes a checkpoint every few epochs. */
    default E setCheckpointInterval(int epochs) {
        return setCheckpointInterval(Integer.toString(epochs));
    }

    default E setValidationFraction(double value) {
        return with(validationFraction(), value);
    }

    default E setDropout(double value) {
        return with(dropout(), value);
    }

    default E setStepSize(double value) {
        return with(stepSize(), value);
    }

    default E setL1(double value) {
        return with(l1(), value);
    }

    default E setL2(double value) {
        return with(l2(), value);
    }

    default E setTol(double value) {
        return with(tol(), value);
    }

    default E setEarlyStoppingMinChange(double value) {
        return with(earlyStoppingMinChange(), value);
    }

    default E setMaxIter(int value) {
        return with(maxIter(), value);
    }

    default E setBatchSize(int value) {
        return with(batchSize(), value);
    }

    default E setLanes(int value) {
        return with(lanes(), value);
    }

    default E setEarlyStoppingPatience(int value) {
        return with(earlyStoppingPatience(), value);
    }

    default E setStandardize(boolean value) {
        return with(standardize(), value);
    }

    default E setSeed(long value) {
        return with(seed(), value);
    }

    default E setHiddenLayers(int... value) {
        return with(hiddenLayers(), value);
    }

    default E setLayers(int... value) {
        return with(layers(), value);
    }

    default E setClassWeights(double... value) {
        return with(classWeights(), value);
    }

    default E setBalanceClasses(boolean value) {
        return with(balanceClasses(), value);
    }

    default E setRefit(boolean value) {
        return with(refit(), value);
    }

    default E setMetrics(String... value) {
        return with(metrics(), value);
    }
}
