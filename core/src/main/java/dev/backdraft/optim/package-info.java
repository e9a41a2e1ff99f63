/**
 * Rules that move parameters along a gradient: one loop over {@code float[]}, knowing nothing of layers, data or Spark.
 * Depends on nothing of ours.
 */
package dev.backdraft.optim;
