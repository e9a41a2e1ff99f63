/**
 * The layers, activations and initializers: each is maths over views of arrays that somebody else owns, and holds its
 * configuration only. Start with {@link dev.backdraft.layer.Layer}, then {@link dev.backdraft.layer.Dense}. May depend on
 * {@code linalg} and {@code json} only.
 */
package dev.backdraft.layer;
