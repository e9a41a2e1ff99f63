package dev.backdraft.train;

/** What is done after a training so that its probabilities are right. */
public enum Calibration {
    /** Nothing. */
    NONE,
    /**
     * All logits are divided by one number, the {@link Temperature}, for which the log-loss of the validation rows is
     * least. Guo, Pleiss, Sun and Weinberger 2017, "On calibration of modern neural networks".
     */
    TEMPERATURE,
    /**
     * The probabilities of class 1 of two go through a function that never falls: the {@link Isotonic} regression on
     * the validation rows.
     */
    ISOTONIC
}
