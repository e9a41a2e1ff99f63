/**
 * Models on their way to executors, and what they say of the rows there. Start with {@link dev.backdraft.spark.score.SharedModel}.
 */
package dev.backdraft.spark.score;
