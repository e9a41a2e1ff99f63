package dev.backdraft.loss;

/** What an output z says about the rate λ of a {@link Poisson} count. */
public enum PoissonForm {
    /** z = log λ: any output is a rate. */
    LOG_RATE,

    /** z = λ: the network must end in something positive, such as softplus or exp. */
    RATE
}
