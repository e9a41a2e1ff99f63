/**
 * Runs workloads on several libraries in turn and prints the results. Start with {@link
 * dev.backdraft.benchmarks.compare.Comparison}; the peers are processes of their own, which it knows by their commands only.
 */
package dev.backdraft.benchmarks.compare;
