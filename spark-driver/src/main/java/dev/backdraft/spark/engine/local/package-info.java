/**
 * Gradients with a local master: core's threads compute over the blocks in Spark's cache, and the tasks of one long job
 * hold blocks and slots.
 *
 * <p>Start with {@code LocalSession}.
 */
package dev.backdraft.spark.engine.local;
