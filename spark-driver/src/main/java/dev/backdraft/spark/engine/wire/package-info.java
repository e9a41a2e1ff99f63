/**
 * How JVMs of one fit hand each other messages with long vectors: over Spark's own network layer, and on one machine
 * through memory. Knows nothing of what the messages say. May depend on {@link
 * dev.backdraft.spark.internal.SparkTransport}, which makes the connections.
 */
package dev.backdraft.spark.engine.wire;
