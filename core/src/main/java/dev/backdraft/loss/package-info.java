/**
 * What training makes small. A loss is not a layer: it sees the logits of a batch and gives a sum and its gradient. May depend
 * on {@code linalg} only.
 */
package dev.backdraft.loss;
