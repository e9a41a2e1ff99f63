/**
 * Steps of trainings on executors of different numbers and widths: what the driver sends and takes, and where the time
 * goes. {@link dev.backdraft.benchmarks.scale.Scale} is the program.
 */
package dev.backdraft.benchmarks.scale;
