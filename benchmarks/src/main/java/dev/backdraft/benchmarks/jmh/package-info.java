/** Micro-benchmarks of the parts of a step: {@code benchmarks/run --jmh [REGEX]}. The shapes are those of the workloads W1 and W3. */
package dev.backdraft.benchmarks.jmh;
