/**
 * Rows of files, DataFrames and RDDs become blocks in canonical order, spread over a cluster.
 *
 * <p>Start with {@link dev.backdraft.spark.data.BlockSet}. May depend on {@code core}'s {@code data} package and Spark.
 */
package dev.backdraft.spark.data;
