package dev.backdraft.loss;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;

/**
 * Focal loss of the softmax p of K ≥ 2 logits, the sum over outputs: {@code L = −Σₖ tₖ (1 − pₖ)^γ log pₖ},
 * {@code dL/dzⱼ = tⱼ hⱼ − pⱼ Σₖ tₖ hₖ} with {@code hₖ = γ pₖ (1 − pₖ)^(γ−1) log pₖ − (1 − pₖ)^γ}. γ = 0 gives
 * {@link SoftmaxCrossEntropy}. Lin, Goyal, Girshick, He and Dollár 2017, "Focal loss for dense object detection",
 * section 3.
 *
 * <p>The target is the class index [1 × n], or a distribution over the classes [K × n]. The paper's α, one for each
 * class, is what class weights are, so it is not repeated here.
 *
 * @param gamma γ ≥ 0: how much less an easy row counts
 */
public record SoftmaxFocal(double gamma) implements Loss {
    public SoftmaxFocal {
        Require.notNegative("gamma", gamma);
    }

    /** The paper's γ = 2. */
    public SoftmaxFocal() {
        this(2);
    }

    @Override
    public String name() {
        return "softmax-focal";
    }

    /** The index of the class. A distribution over the classes is accepted, too. */
    @Override
    public Target target() {
        return Target.CLASS_INDEX;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        ClassTarget.check(name(), logits, target);
        int classes = logits.rows();
        double[] p = new double[classes];
        double[] h = new double[classes]; // tₖ hₖ
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            double lse = Exponential.logSumExp(logits, n);
            double loss = 0;
            double pull = 0;
            for (int k = 0; k < classes; k++) {
                double logP = logits.get(k, n) - lse;
                double t = ClassTarget.share(target, k, n, 0, classes);
                p[k] = Exponential.exp(logP);
                h[k] = 0;
                if (t != 0) {
                    double rest = -StrictMath.expm1(logP);
                    double focus = StrictMath.pow(rest, gamma);
                    double ratio = rest == 0 ? -1 : logP / rest; // of log p and 1 − p, whose limit at p = 1 is −1
                    loss -= t * focus * logP;
                    h[k] = t * focus * (gamma * p[k] * ratio - 1);
                }
                pull += h[k];
            }
            float w = Loss.weight(weights, n);
            for (int k = 0; k < classes; k++) {
                dLogits.set(k, n, (float) (w * Probability.inGradient(h[k] - p[k] * pull)));
            }
            sum += w * loss;
        }
        return sum;
    }

    /** The softmax: class probabilities, summing to 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        Exponential.softmax(logits, prediction);
    }
}
