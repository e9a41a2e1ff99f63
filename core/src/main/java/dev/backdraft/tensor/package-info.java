/**
 * The names, shapes and places of the tensors that a network's flat vector consists of. Layers declare them,
 * {@code network} places them, and optimizers and files go by them. Depends on {@code json} alone.
 *
 * <p>Start with {@link dev.backdraft.tensor.Parameter} and {@link dev.backdraft.tensor.Tensor}.
 */
package dev.backdraft.tensor;
