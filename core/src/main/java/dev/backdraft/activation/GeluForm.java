package dev.backdraft.activation;

/** How {@link Gelu} computes the normal distribution. */
public enum GeluForm {
    /** By the error function. */
    EXACT,
    /** By a hyperbolic tangent: different in the fourth digit, and what some published networks were trained with. */
    TANH
}
