/**
 * The one loop of training, and the gradient computed by threads of this JVM. Not for users: what a cluster needs to
 * train.
 *
 * <p>Start with {@link dev.backdraft.train.engine.TrainingLoop}: it asks a {@link
 * dev.backdraft.train.engine.GradientSource} for the gradient of a step and knows nothing of where it is computed.
 * {@link dev.backdraft.train.engine.LaneWorker} and {@link dev.backdraft.train.engine.GradientTree} are what every
 * source is made of: they fix the order of additions, and with it the bits.
 */
package dev.backdraft.train.engine;
