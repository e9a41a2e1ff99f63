package dev.backdraft.layer;

/** What an {@link EnsembleMean} averages. */
public enum EnsembleAverage {
    /** The outputs, for values. */
    OUTPUTS,
    /** The probabilities that the softmax of each member's outputs gives, for classes that exclude each other. */
    SOFTMAX,
    /** The probability that the sigmoid of each output gives, for questions. */
    SIGMOID
}
