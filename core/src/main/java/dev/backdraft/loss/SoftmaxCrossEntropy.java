package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * Cross-entropy of the softmax of K ≥ 2 logits, fused: {@code L = Σₖ tₖ (lse(z) − zₖ)} with {@code lse(z) = log Σₖ exp zₖ},
 * {@code dL/dz = softmax(z) Σ t − t}.
 *
 * <p>The target is the class index [1 × n], or a distribution over the classes [K × n] (one-hot or soft). Exact for logits of
 * any size, as the largest is subtracted first. Source: Goodfellow, Bengio and Courville 2016, section 6.2.2.3.
 */
public record SoftmaxCrossEntropy() implements Loss {
    @Override
    public String name() {
        return "softmax-cross-entropy";
    }

    @Override
    public int labelSize(int outputSize) {
        return 1;
    }

    @Override
    public boolean classifies() {
        return true;
    }

    @Override
    public int classCount(int outputSize) {
        return outputSize;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        int classes = logits.rows();
        float[] z = logits.values();
        float[] dz = dLogits.values();
        float[] t = target.values();
        boolean index = target.rows() == 1;
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            int at = logits.offset() + n * classes;
            int dAt = dLogits.offset() + n * classes;
            int tAt = target.offset() + n * target.rows();
            double max = max(z, at, classes);
            double total = 0;
            for (int k = 0; k < classes; k++) {
                total += StrictMath.exp(z[at + k] - max);
            }
            double lse = max + StrictMath.log(total);
            float w = Loss.weight(weights, n);
            double mass = index ? 1 : sum(t, tAt, classes);
            double loss = 0;
            for (int k = 0; k < classes; k++) {
                double tk = index ? (k == (int) t[tAt] ? 1 : 0) : t[tAt + k];
                double zk = z[at + k];
                if (tk != 0) {
                    loss += tk * (lse - zk);
                }
                dz[dAt + k] = (float) (w * (StrictMath.exp(zk - lse) * mass - tk));
            }
            sum += w * loss;
        }
        return sum;
    }

    @Override
    public double correct(Matrix logits, Matrix target, float[] weights) {
        double correct = 0;
        for (int n = 0; n < logits.columns(); n++) {
            int predicted = largest(logits, n);
            int expected = target.rows() == 1 ? (int) target.get(0, n) : largest(target, n);
            if (predicted == expected) {
                correct += Loss.weight(weights, n);
            }
        }
        return correct;
    }

    /** The softmax: class probabilities, summing to 1. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        int classes = logits.rows();
        float[] z = logits.values();
        float[] p = prediction.values();
        for (int n = 0; n < logits.columns(); n++) {
            int at = logits.offset() + n * classes;
            int pAt = prediction.offset() + n * classes;
            double max = max(z, at, classes);
            double total = 0;
            for (int k = 0; k < classes; k++) {
                total += StrictMath.exp(z[at + k] - max);
            }
            for (int k = 0; k < classes; k++) {
                p[pAt + k] = (float) (StrictMath.exp(z[at + k] - max) / total);
            }
        }
    }

    /** Row of the largest entry of a column; the first of equal ones. */
    private static int largest(Matrix matrix, int column) {
        int best = 0;
        for (int k = 1; k < matrix.rows(); k++) {
            if (matrix.get(k, column) > matrix.get(best, column)) {
                best = k;
            }
        }
        return best;
    }

    private static double max(float[] values, int from, int count) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, values[i]); // NaN stays NaN, so that a diverged step is seen
        }
        return max;
    }

    private static double sum(float[] values, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += values[i];
        }
        return sum;
    }
}
