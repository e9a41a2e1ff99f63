package dev.backdraft.loss;

/** How the losses of the outputs of one row become the loss of the row. Over the rows it is always the weighted mean. */
public enum OutputReduction {
    /** L = 1/K Σₖ lₖ, so that a batch gives 1/(N K) Σ l. */
    MEAN,

    /** L = Σₖ lₖ, so that a batch gives 1/N Σ l. */
    SUM;

    /** The factor of each output's loss: 1/K or 1. */
    public double factor(int outputs) {
        return this == MEAN ? 1.0 / outputs : 1;
    }
}
