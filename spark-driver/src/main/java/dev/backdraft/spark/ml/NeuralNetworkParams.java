package dev.backdraft.spark.ml;

import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.DoubleArrayParam;
import org.apache.spark.ml.param.DoubleParam;
import org.apache.spark.ml.param.IntArrayParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.LongParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.StringArrayParam;
import org.apache.spark.ml.param.shared.HasFeaturesCol;
import org.apache.spark.ml.param.shared.HasLabelCol;
import org.apache.spark.ml.param.shared.HasPredictionCol;

/**
 * The parameters that our estimators and models share; {@code explainParams()} says what each is. Their names are Spark's where
 * Spark has one: {@code maxIter} counts epochs, {@code stepSize} is the learning rate. Spark finds a parameter by its accessor.
 */
public interface NeuralNetworkParams extends SparkTraits, HasFeaturesCol, HasLabelCol, HasPredictionCol {
    /** Where the parameters are kept; not for users. */
    ParamSet own();

    default StringArrayParam featuresCols() {
        return own().featuresCols;
    }

    default String[] getFeaturesCols() {
        return $(featuresCols());
    }

    default Param<String> initialModel() {
        return own().initialModel;
    }

    default String getInitialModel() {
        return $(initialModel());
    }

    default Param<String> preset() {
        return own().preset;
    }

    default String getPreset() {
        return $(preset());
    }

    default Param<String> columnKinds() {
        return own().columnKinds;
    }

    default String getColumnKinds() {
        return $(columnKinds());
    }

    default Param<String> columnEncoding() {
        return own().columnEncoding;
    }

    default String getColumnEncoding() {
        return $(columnEncoding());
    }

    default Param<String> contributionsCol() {
        return own().contributionsCol;
    }

    default String getContributionsCol() {
        return $(contributionsCol());
    }

    default Param<String> embeddingCol() {
        return own().embeddingCol;
    }

    default String getEmbeddingCol() {
        return $(embeddingCol());
    }

    default IntParam embeddingLayer() {
        return own().embeddingLayer;
    }

    default int getEmbeddingLayer() {
        return (Integer) $(embeddingLayer());
    }

    @Override
    default Param<String> weightCol() {
        return own().weightCol;
    }

    @Override
    default Param<String> validationIndicatorCol() {
        return own().validationIndicatorCol;
    }

    default DoubleParam validationFraction() {
        return own().validationFraction;
    }

    default double getValidationFraction() {
        return (Double) $(validationFraction());
    }

    @Override
    default Param<String> handleInvalid() {
        return own().handleInvalid;
    }

    default BooleanParam standardize() {
        return own().standardize;
    }

    default boolean getStandardize() {
        return (Boolean) $(standardize());
    }

    default Param<String> labelScale() {
        return own().labelScale;
    }

    default String getLabelScale() {
        return $(labelScale());
    }

    default IntArrayParam hiddenLayers() {
        return own().hiddenLayers;
    }

    default int[] getHiddenLayers() {
        return $(hiddenLayers());
    }

    default IntArrayParam layers() {
        return own().layers;
    }

    default int[] getLayers() {
        return $(layers());
    }

    default Param<String> activation() {
        return own().activation;
    }

    default String getActivation() {
        return $(activation());
    }

    default DoubleParam dropout() {
        return own().dropout;
    }

    default double getDropout() {
        return (Double) $(dropout());
    }

    default Param<String> network() {
        return own().network;
    }

    default String getNetwork() {
        return $(network());
    }

    default Param<String> loss() {
        return own().loss;
    }

    default String getLoss() {
        return $(loss());
    }

    @Override
    default IntParam maxIter() {
        return own().maxIter;
    }

    default IntParam batchSize() {
        return own().batchSize;
    }

    default int getBatchSize() {
        return (Integer) $(batchSize());
    }

    default IntParam lanes() {
        return own().lanes;
    }

    default int getLanes() {
        return (Integer) $(lanes());
    }

    default Param<String> optimizer() {
        return own().optimizer;
    }

    default String getOptimizer() {
        return $(optimizer());
    }

    @Override
    default DoubleParam stepSize() {
        return own().stepSize;
    }

    default Param<String> schedule() {
        return own().schedule;
    }

    default String getSchedule() {
        return $(schedule());
    }

    default DoubleParam l1() {
        return own().l1;
    }

    default double getL1() {
        return (Double) $(l1());
    }

    default DoubleParam l2() {
        return own().l2;
    }

    default double getL2() {
        return (Double) $(l2());
    }

    default DoubleArrayParam classWeights() {
        return own().classWeights;
    }

    default double[] getClassWeights() {
        return $(classWeights());
    }

    default BooleanParam balanceClasses() {
        return own().balanceClasses;
    }

    default boolean getBalanceClasses() {
        return (Boolean) $(balanceClasses());
    }

    default Param<String> threshold() {
        return own().threshold;
    }

    default String getThreshold() {
        return $(threshold());
    }

    @Override
    default DoubleParam tol() {
        return own().tol;
    }

    default IntParam earlyStoppingPatience() {
        return own().earlyStoppingPatience;
    }

    default int getEarlyStoppingPatience() {
        return (Integer) $(earlyStoppingPatience());
    }

    default Param<String> earlyStoppingMetric() {
        return own().earlyStoppingMetric;
    }

    default String getEarlyStoppingMetric() {
        return $(earlyStoppingMetric());
    }

    default DoubleParam earlyStoppingMinChange() {
        return own().earlyStoppingMinChange;
    }

    default double getEarlyStoppingMinChange() {
        return (Double) $(earlyStoppingMinChange());
    }

    default BooleanParam refit() {
        return own().refit;
    }

    default boolean getRefit() {
        return (Boolean) $(refit());
    }

    default StringArrayParam metrics() {
        return own().metrics;
    }

    default String[] getMetrics() {
        return $(metrics());
    }

    @Override
    default LongParam seed() {
        return own().seed;
    }

    default Param<String> settings() {
        return own().settings;
    }

    default String getSettings() {
        return $(settings());
    }

    default Param<String> aggregation() {
        return own().aggregation;
    }

    default String getAggregation() {
        return $(aggregation());
    }

    default Param<String> checkpointDir() {
        return own().checkpointDir;
    }

    default String getCheckpointDir() {
        return $(checkpointDir());
    }

    default Param<String> checkpointInterval() {
        return own().checkpointInterval;
    }

    default String getCheckpointInterval() {
        return $(checkpointInterval());
    }
}
