/**
 * A training whose rows are larger than the memory that executors have for them. {@link dev.backdraft.benchmarks.spill.Spill} is
 * the program.
 */
package dev.backdraft.benchmarks.spill;
