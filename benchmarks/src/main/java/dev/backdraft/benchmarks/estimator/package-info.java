/** Our estimator of {@code spark.ml} and MLlib's own, on data that people know. */
package dev.backdraft.benchmarks.estimator;
