/**
 * The importance of features, measured on a cluster.
 *
 * <p>Start with {@link dev.backdraft.spark.explain.SparkImportance}. May depend on {@code score}, {@code data} and {@code core}.
 */
package dev.backdraft.spark.explain;
