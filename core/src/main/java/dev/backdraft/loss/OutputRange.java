package dev.backdraft.loss;

/** The outputs for which a loss is defined. The last layer of the network has to give such outputs. */
public enum OutputRange {
    /** Any number: the last layer is linear. */
    ANY,

    /** Numbers above 0: the network ends in softplus, for example. */
    POSITIVE,

    /** Probabilities: the network ends in a sigmoid, or, for classes that exclude each other, in a softmax. */
    PROBABILITY
}
