/**
 * The one loop of training, and the gradient computed by threads of this JVM.
 *
 * <p>Start with {@link dev.backdraft.train.TrainingLoop}: it asks a {@link dev.backdraft.train.GradientSource} for the gradient
 * of a step and knows nothing of where it is computed. {@link dev.backdraft.train.LaneWorker} and {@link
 * dev.backdraft.train.GradientTree} are what every source is made of: they fix the order of additions, and with it the bits.
 * May depend on every other package of this module.
 */
package dev.backdraft.train;
