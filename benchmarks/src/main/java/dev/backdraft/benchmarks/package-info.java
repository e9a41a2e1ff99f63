/**
 * How fast Backdraft is, beside other libraries and alone: {@link dev.backdraft.benchmarks.compare} runs peers in turn, {@link
 * dev.backdraft.benchmarks.peer} are those of them that are Java programs, {@code jmh} measures parts. Never published.
 */
package dev.backdraft.benchmarks;
