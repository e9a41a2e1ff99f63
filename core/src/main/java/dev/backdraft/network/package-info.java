/**
 * Layers put together: the structure ({@link dev.backdraft.network.Network}), its gradient ({@link
 * dev.backdraft.network.Backpropagation}), and the sums that gradients are added up in. May depend on {@code layer}, {@code
 * loss} and {@code linalg}; knows nothing of optimizers or data.
 */
package dev.backdraft.network;
