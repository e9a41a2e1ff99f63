/**
 * Layers: each is a formula over views of arrays that the caller owns, and holds its configuration only. Start with
 * {@link dev.backdraft.layer.Layer}, then {@link dev.backdraft.layer.Dense}.
 */
package dev.backdraft.layer;
