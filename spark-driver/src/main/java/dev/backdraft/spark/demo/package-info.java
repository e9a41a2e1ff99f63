/**
 * Generated data for the demo, the examples and the benchmarks: {@link dev.backdraft.spark.demo.Mnist1d}.
 */
package dev.backdraft.spark.demo;
