package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * Binary cross-entropy of the sigmoid of each logit, fused and summed over the outputs: {@code L = Σₖ max(zₖ, 0) − zₖ tₖ +
 * log(1 + e^−|zₖ|)}, {@code dL/dz = sigmoid(z) − t}, targets in [0, 1].
 *
 * <p>With one output it is logistic regression's loss; with K outputs each is a yes-or-no question of its own. A row is right
 * when all its outputs are on the right side of 0.
 */
public record SigmoidCrossEntropy() implements Loss {
    @Override
    public String name() {
        return "sigmoid-cross-entropy";
    }

    @Override
    public int labelSize(int outputSize) {
        return outputSize;
    }

    @Override
    public boolean classifies() {
        return true;
    }

    @Override
    public int classCount(int outputSize) {
        return 2;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        int outputs = logits.rows();
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            float w = Loss.weight(weights, n);
            double loss = 0;
            for (int k = 0; k < outputs; k++) {
                double z = logits.get(k, n);
                double t = target.get(k, n);
                double e = StrictMath.exp(-Math.abs(z));
                loss += Math.max(z, 0) - z * t + StrictMath.log1p(e);
                dLogits.set(k, n, (float) (w * ((z >= 0 ? 1 : e) / (1 + e) - t)));
            }
            sum += w * loss;
        }
        return sum;
    }

    @Override
    public double correct(Matrix logits, Matrix target, float[] weights) {
        double correct = 0;
        for (int n = 0; n < logits.columns(); n++) {
            boolean right = true;
            for (int k = 0; k < logits.rows(); k++) {
                right &= logits.get(k, n) > 0 == target.get(k, n) > 0.5f;
            }
            correct += right ? Loss.weight(weights, n) : 0;
        }
        return correct;
    }

    /** The sigmoid of each logit: the probability of class 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        for (int n = 0; n < logits.columns(); n++) {
            for (int k = 0; k < logits.rows(); k++) {
                double z = logits.get(k, n);
                double e = StrictMath.exp(-Math.abs(z));
                prediction.set(k, n, (float) ((z >= 0 ? 1 : e) / (1 + e)));
            }
        }
    }
}
