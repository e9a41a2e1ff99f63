/**
 * Models on their way to executors. Start with {@link dev.backdraft.spark.score.SharedModel}. May depend on {@code core}'s {@code
 * model} package and Spark.
 */
package dev.backdraft.spark.score;
