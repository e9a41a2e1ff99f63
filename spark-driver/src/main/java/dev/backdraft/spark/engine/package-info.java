/**
 * Gradients computed by a cluster, and training on it from rows to the model.
 *
 * <p>Start with {@link dev.backdraft.spark.engine.SparkTraining}. May depend on {@code spark.data}, {@code core} and Spark.
 */
package dev.backdraft.spark.engine;
