/**
 * Estimators and models of {@code spark.ml}: what most users of a cluster import.
 *
 * <p>Start with {@link dev.backdraft.spark.ml.NeuralNetworkClassifier} and {@link dev.backdraft.spark.ml.NeuralNetworkRegressor}.
 * May depend on {@code spark.engine}, {@code spark.data}, {@code core} and Spark.
 */
package dev.backdraft.spark.ml;
