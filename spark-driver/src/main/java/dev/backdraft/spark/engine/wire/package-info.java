/**
 * How JVMs of one fit hand each other messages with long vectors: over Spark's own network layer, and on one machine through memory.
 * Knows nothing of what the messages say. What is private to Spark is used by one class only, {@link
 * dev.backdraft.spark.engine.wire.SparkTransport}.
 */
package dev.backdraft.spark.engine.wire;
