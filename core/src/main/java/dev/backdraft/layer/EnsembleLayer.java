package dev.backdraft.layer;

/**
 * A layer that makes one answer of the answers of several members. At the end of a network, it is used in predictions
 * only: the loss that is minimized is the mean of the losses of the members, so that each learns to answer alone.
 */
public interface EnsembleLayer extends Layer {
    /** Number of members. The input has their outputs one after the other. */
    int members();
}
