package dev.backdraft.loss;

import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import java.util.Objects;

/**
 * Binary cross-entropy of the sigmoid of each logit, fused: {@code l = max(z, 0) − z t + log(1 + e^−|z|)},
 * {@code dl/dz = sigmoid(z) − t}, targets in [0, 1]. Exact for logits of any size. The default is the sum over outputs.
 *
 * <p>With one output it is logistic regression's loss; with K outputs each is a yes-or-no question of its own. A row is
 * right when all its outputs are on the right side of 0.
 *
 * @param labelSmoothing ε in [0, 1), which makes t' = (1 − ε) t + ε / 2 of the target, as no and yes are two classes
 *     (Szegedy et al. 2016, section 7); then the smallest loss is not 0 but the entropy of t'
 */
public record SigmoidCrossEntropy(OutputReduction reduction, double labelSmoothing) implements BinaryLoss {
    public SigmoidCrossEntropy {
        Objects.requireNonNull(reduction, "reduction");
        ClassTarget.checkSmoothing(labelSmoothing);
    }

    /** Without label smoothing. */
    public SigmoidCrossEntropy(OutputReduction reduction) {
        this(reduction, 0);
    }

    /** With the sum over outputs, and without label smoothing. */
    public SigmoidCrossEntropy() {
        this(OutputReduction.SUM);
    }

    @Override
    public String name() {
        return "sigmoid-cross-entropy";
    }

    @Override
    public Target target() {
        return Target.PROBABILITY_OF_YES;
    }

    @Override
    public double value(double z, double t) {
        return Math.max(z, 0)
                - z * ClassTarget.smoothed(t, labelSmoothing)
                + StrictMath.log1p(Exponential.exp(-Math.abs(z)));
    }

    @Override
    public double slope(double z, double t) {
        return Probability.inGradient(Exponential.sigmoid(z)) - ClassTarget.smoothed(t, labelSmoothing);
    }

    /** ln 2 for each output. */
    @Override
    public double constantLoss(int outputs) {
        return StrictMath.log(2) * (reduction == OutputReduction.SUM ? outputs : 1);
    }

    /** 0, where the sigmoid is one half. */
    @Override
    public double boundary() {
        return 0;
    }

    /** The sigmoid of each logit: the probability of class 1. */
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
