package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Squared hinge loss: {@code l = max(0, 1 − s z)²} with s = +1 for targets above 0 and −1 for the others (−1 and +1, or 0 and 1);
 * {@code dl/dz = −2 s max(0, 1 − s z)}. {@link Hinge} without its kink. The default is the sum over outputs. Lee and Mangasarian
 * 2001, "SSVM".
 *
 * <p>The class is the sign of the output. With K outputs each is a yes-or-no question of its own.
 */
public record SquaredHinge(OutputReduction reduction) implements BinaryLoss {
    public SquaredHinge {
        Objects.requireNonNull(reduction, "reduction");
    }

    /** With the sum over outputs. */
    public SquaredHinge() {
        this(OutputReduction.SUM);
    }

    @Override
    public String name() {
        return "squared-hinge";
    }

    @Override
    public Target target() {
        return Target.SIGNED_YES_OR_NO;
    }

    @Override
    public double value(double z, double t) {
        double distance = Math.max(0, 1 - Hinge.sign(t) * z);
        return distance * distance;
    }

    @Override
    public double slope(double z, double t) {
        return -2 * Hinge.sign(t) * Math.max(0, 1 - Hinge.sign(t) * z);
    }

    /** 0: the sign decides. */
    @Override
    public double boundary() {
        return 0;
    }

    /**
     * The sigmoid of each output: a score between 0 and 1 that grows with the margin and is above one half where class 1 is
     * predicted. It is no calibrated probability.
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
