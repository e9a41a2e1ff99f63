package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Hinge loss of the support vector machine: {@code l = max(0, 1 − s z)} with s = +1 for targets above 0 and −1 for the others
 * (−1 and +1, or 0 and 1); {@code dl/dz = −s} inside the margin, s z &lt; 1, else 0, also at the kink s z = 1. The default is the
 * sum over outputs. Cortes and Vapnik 1995.
 *
 * <p>The class is the sign of the output. With K outputs each is a yes-or-no question of its own.
 */
public record Hinge(OutputReduction reduction) implements BinaryLoss {
    public Hinge {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the sum over outputs. */
    public Hinge() {
        this(OutputReduction.SUM);
    }

    @Override
    public String name() {
        return "hinge";
    }

    @Override
    public Target target() {
        return Target.SIGNED_YES_OR_NO;
    }

    @Override
    public double value(double z, double t) {
        return Math.max(0, 1 - sign(t) * z);
    }

    @Override
    public double slope(double z, double t) {
        return 1 - sign(t) * z > 0 ? -sign(t) : 0;
    }

    /** s. */
    static double sign(double t) {
        return t > 0 ? 1 : -1;
    }

    /** 0: the sign decides. */
    @Override
    public double boundary() {
        return 0;
    }

    /**
     * The sigmoid of each output: a score between 0 and 1 that grows with the margin and is above one half where class 1 is
     * predicted. It is no calibrated probability: the hinge loss does not estimate one (Platt 1999).
     */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Link.sigmoid(logits, prediction);
    }

    @Override
    public double probabilityOfYes(double z) {
        return Link.sigmoid(z);
    }

    @Override
    public double probabilityOfNo(double z) {
        return Link.sigmoid(-z);
    }
}
