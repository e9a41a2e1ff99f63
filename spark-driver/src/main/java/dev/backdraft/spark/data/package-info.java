/**
 * Rows of files, DataFrames and RDDs become blocks in canonical order, spread over a cluster.
 *
 * <p>Start with {@link dev.backdraft.spark.data.BlockSet}.
 */
package dev.backdraft.spark.data;
