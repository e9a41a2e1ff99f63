/**
 * Layers: each is maths over views of arrays that somebody else owns, and holds its configuration only. Start with {@link
 * dev.backdraft.layer.Layer}, then {@link dev.backdraft.layer.Dense}. May depend on {@code linalg}, {@code json}, {@code
 * initializer} and {@code activation} only.
 */
package dev.backdraft.layer;
