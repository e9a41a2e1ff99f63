/**
 * What Spark itself is told of by name: {@link dev.backdraft.spark.BackdraftPlugin}. All else is in the packages below; {@code
 * engine} trains.
 */
package dev.backdraft.spark;
