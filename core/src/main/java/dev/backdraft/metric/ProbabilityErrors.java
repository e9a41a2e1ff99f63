package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Probability;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Log-loss and Brier score of predicted probabilities. Mutable, not thread-safe.
 *
 * <p>Log-loss of a row: {@code −Σₖ tₖ log pₖ}, so {@code −log p} of the true class; a logarithm counts at least −100, so that a
 * probability of 0 for what happened costs much, but not all. Brier score of a row: {@code Σₖ (pₖ − tₖ)²} (Brier 1950). With one
 * probability p of yes the log-loss is {@code −t log p − (1 − t) log(1 − p)}, and the Brier score {@code (p − t)²}: half of what
 * the two classes written out would give.
 */
public final class ProbabilityErrors implements Serializable {
    private static final long serialVersionUID = 1;

    private double weight;
    private double logLoss;
    private double brier;

    /** Adds an answer: the probability p of yes, and t in [0, 1]. */
    public void add(double p, double t, double w) {
        weight += w;
        logLoss -= w * (term(t, Probability.log(p)) + term(1 - t, Probability.logOfRest(p)));
        brier += w * (p - t) * (p - t);
    }

    /**
     * Adds a row of K classes.
     *
     * @param probability [K × n]; read
     * @param target the index of the class [1 × n], or a distribution [K × n]; read
     * @param column of the row in both
     */
    public void add(Matrix probability, Matrix target, int column, double w) {
        weight += w;
        for (int k = 0; k < probability.rows(); k++) {
            double p = probability.get(k, column);
            double t = target.rows() > 1 ? target.get(k, column) : k == (int) target.get(0, column) ? 1 : 0;
            logLoss -= w * term(t, Probability.log(p));
            brier += w * (p - t) * (p - t);
        }
    }

    private static double term(double t, double log) {
        return t == 0 ? 0 : t * log;
    }

    /** Adds other rows; {@code other} is read. */
    public void add(ProbabilityErrors other) {
        weight += other.weight;
        logLoss += other.logLoss;
        brier += other.brier;
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return 3L * Double.BYTES;
    }

    void write(ByteBuffer out) {
        out.putDouble(weight).putDouble(logLoss).putDouble(brier);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        weight = in.getDouble();
        logLoss = in.getDouble();
        brier = in.getDouble();
    }

    /** The mean log-loss; NaN of nothing. */
    public double logLoss() {
        return logLoss / weight;
    }

    /** The mean Brier score; NaN of nothing. */
    public double brier() {
        return brier / weight;
    }
}
