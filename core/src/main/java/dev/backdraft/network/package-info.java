/**
 * Layers put together: the structure ({@link dev.backdraft.network.Network}), its gradient ({@link
 * dev.backdraft.network.Backpropagation}), and the sums that gradients are added up in.
 */
package dev.backdraft.network;
