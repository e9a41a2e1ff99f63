package dev.backdraft.network;

import java.io.Serializable;

/**
 * What a forward pass adds up over rows: losses, weights of the rows, and weights of those predicted right. In double; means
 * are taken once, from the sum of all. Mutable, not thread-safe.
 */
public final class LossSum implements Serializable {
    private static final long serialVersionUID = 1;

    private double loss;
    private double weight;
    private double correct;

    /** Adds the sums of a batch. */
    public void add(double batchLoss, double batchWeight, double batchCorrect) {
        loss += batchLoss;
        weight += batchWeight;
        correct += batchCorrect;
    }

    /** Adds another sum; {@code other} is read. */
    public void add(LossSum other) {
        add(other.loss, other.weight, other.correct);
    }

    /** Back to zero. */
    public void clear() {
        loss = 0;
        weight = 0;
        correct = 0;
    }

    /** Σ wₙ Lₙ. */
    public double loss() {
        return loss;
    }

    /** Σ wₙ. */
    public double weight() {
        return weight;
    }

    /** Σ wₙ over the rows predicted right. */
    public double correct() {
        return correct;
    }

    /** Mean loss a unit of weight; NaN of nothing. */
    public double meanLoss() {
        return loss / weight;
    }

    /** Share of the weight predicted right, 0 … 1; NaN of nothing. */
    public double accuracy() {
        return correct / weight;
    }
}
