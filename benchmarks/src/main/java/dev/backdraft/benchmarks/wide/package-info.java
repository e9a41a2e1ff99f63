/** Trainings of wide networks on sparse rows; {@link dev.backdraft.benchmarks.wide.Wide} runs them. */
package dev.backdraft.benchmarks.wide;
