/**
 * Rules that move parameters along a gradient, and what surrounds them: penalties, clipping, averages. Loops over
 * {@code float[]} that know nothing of layers, data or Spark. Depends on {@code json} and {@code tensor} alone.
 *
 * <p>Start with {@link dev.backdraft.optim.Optimizer} and {@link dev.backdraft.optim.Adam}; {@link
 * dev.backdraft.optim.Optimizers} lists what there is. The order in a step: {@link dev.backdraft.optim.Clipping},
 * {@link dev.backdraft.optim.Penalty}, {@link dev.backdraft.optim.WeightDecay}, the optimizer, {@link
 * dev.backdraft.optim.MaxNorm}, {@link dev.backdraft.optim.Averaging}.
 */
package dev.backdraft.optim;
