package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;

/**
 * Squared error, the mean over the K outputs of a row: {@code L = 1/K Σₖ (zₖ − tₖ)²}, {@code dL/dz = 2/K (z − t)}. Over a batch
 * this gives the usual mean squared error, 1/(N K) Σ r².
 */
public record SquaredError() implements Loss {
    @Override
    public String name() {
        return "squared-error";
    }

    @Override
    public int labelSize(int outputSize) {
        return outputSize;
    }

    @Override
    public boolean classifies() {
        return false;
    }

    @Override
    public int classCount(int outputSize) {
        return 0;
    }

    @Override
    public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
        int outputs = logits.rows();
        double sum = 0;
        for (int n = 0; n < logits.columns(); n++) {
            float w = Loss.weight(weights, n);
            double loss = 0;
            for (int k = 0; k < outputs; k++) {
                double residual = (double) logits.get(k, n) - target.get(k, n);
                loss += residual * residual;
                dLogits.set(k, n, (float) (w * 2 * residual / outputs));
            }
            sum += w * loss / outputs;
        }
        return sum;
    }

    @Override
    public double correct(Matrix logits, Matrix target, float[] weights) {
        return 0;
    }

    /** The logits as they are. */
    @Override
    public void predict(Matrix logits, Matrix prediction) {
        if (logits.values() != prediction.values() || logits.offset() != prediction.offset()) {
            System.arraycopy(logits.values(), logits.offset(), prediction.values(), prediction.offset(), logits.size());
        }
    }
}
