/**
 * The importance of features, measured on a cluster.
 *
 * <p>Start with {@link dev.backdraft.spark.explain.SparkImportance}.
 */
package dev.backdraft.spark.explain;
