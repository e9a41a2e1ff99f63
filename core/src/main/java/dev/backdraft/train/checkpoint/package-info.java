/**
 * Checkpoints of a training that runs: {@link dev.backdraft.train.checkpoint.Checkpoints} writes them every few epochs,
 * steps or minutes, and finds the one to continue from. May use {@link dev.backdraft.train} and what that may use.
 */
package dev.backdraft.train.checkpoint;
