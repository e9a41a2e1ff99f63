package dev.backdraft.loss;

/** Which way round the bias error takes its difference; books have both. */
public enum BiasOrder {
    /** z − t: above 0 where predictions are too high. */
    PREDICTED_MINUS_TRUE,

    /** t − z: above 0 where predictions are too low. */
    TRUE_MINUS_PREDICTED
}
