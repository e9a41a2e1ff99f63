/**
 * Gradients with a local master: core's threads compute over the blocks in Spark's cache, and the tasks of one long job hold blocks
 * and slots.
 *
 * <p>Start with {@code LocalSession}. May depend on {@code engine.resident} (but not on its subpackages), {@code spark.data}, {@code
 * core} and Spark.
 */
package dev.backdraft.spark.engine.local;
