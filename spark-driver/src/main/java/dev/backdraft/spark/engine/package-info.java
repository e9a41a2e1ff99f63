/**
 * Gradients computed by a cluster, and training on it from rows to the model.
 *
 * <p>Start with {@link dev.backdraft.spark.engine.SparkTraining}.
 */
package dev.backdraft.spark.engine;
