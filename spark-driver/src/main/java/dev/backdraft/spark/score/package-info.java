/**
 * Models on their way to executors, and what they say of the rows there. Start with {@link dev.backdraft.spark.score.SharedModel}.
 * May depend on {@code data} and {@code core}.
 */
package dev.backdraft.spark.score;
