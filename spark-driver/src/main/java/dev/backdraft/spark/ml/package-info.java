/**
 * Estimators and models of {@code spark.ml}: what most users of a cluster import.
 *
 * <p>Start with {@link dev.backdraft.spark.ml.NeuralNetworkClassifier} and {@link dev.backdraft.spark.ml.NeuralNetworkRegressor}.
 */
package dev.backdraft.spark.ml;
