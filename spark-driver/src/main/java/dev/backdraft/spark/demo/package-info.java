/**
 * Generated data for the demo, the examples and the benchmarks: {@link dev.backdraft.spark.demo.Mnist1d}.
 *
 * <p>May depend on {@code core}'s {@code data}.
 */
package dev.backdraft.spark.demo;
