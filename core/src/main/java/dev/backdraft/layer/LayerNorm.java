package dev.backdraft.layer;

import dev.backdraft.initializer.Constant;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * Layer normalization: each example is brought to mean 0 and variance 1 over its entries, then scaled and shifted, {@code y = γ
 * x̂ + β, x̂ = (x − μ)/√(σ² + ε)} with the mean μ and the biased variance σ² of the example. Ba, Kiros and Hinton 2016. The
 * same in training and prediction.
 *
 * <p>Backwards, with g = γ dy: {@code dx = (g − mean g − x̂ mean(g x̂))/√(σ² + ε), dγ = Σₙ dy x̂, dβ = Σₙ dy}. In the flat vector: γ
 * (starts at 1), then β (at 0).
 *
 * @param epsilon ε, positive
 */
public record LayerNorm(int size, double epsilon) implements Layer {
    public LayerNorm {
        LayerSize.positive(size);
        Require.positive("epsilon", epsilon);
    }

    /** One unit, ε = 1e-5. */
    public LayerNorm() {
        this(1, 1e-5);
    }

    @Override
    public String name() {
        return "layer-norm";
    }

    @Override
    public int inputSize() {
        return size;
    }

    @Override
    public int outputSize() {
        return size;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.bias("scale", size), Parameter.bias("shift", size));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        new Constant(1).fill(random, parameters.matrix(0, size, 1));
        new Zeros().fill(random, parameters.matrix(size, size, 1));
    }

    /** Mean and 1/√(σ² + ε) of each example. */
    @Override
    public int scratchSize(int rows) {
        return 2 * rows;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] p = parameters.values();
        int gamma = parameters.offset();
        int beta = gamma + size;
        float[] from = x.values();
        float[] to = y.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int yAt = y.offset() + n * size;
            double mean = mean(from, at);
            double scale = 1 / Math.sqrt(variance(from, at, mean) + epsilon);
            pass.scratch()[2 * n] = (float) mean;
            pass.scratch()[2 * n + 1] = (float) scale;
            for (int i = 0; i < size; i++) {
                to[yAt + i] = (float) (p[gamma + i] * ((from[at + i] - mean) * scale) + p[beta + i]);
            }
        }
    }

    private double mean(float[] values, int from) {
        double sum = 0;
        for (int i = from; i < from + size; i++) {
            sum += values[i];
        }
        return sum / size;
    }

    private double variance(float[] values, int from, double mean) {
        double sum = 0;
        for (int i = from; i < from + size; i++) {
            double d = values[i] - mean;
            sum += d * d;
        }
        return sum / size;
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] p = parameters.values();
        int gamma = parameters.offset();
        float[] d = dParameters.values();
        int dGamma = dParameters.offset();
        int dBeta = dGamma + size;
        float[] xs = x.values();
        float[] from = dy.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int dAt = dy.offset() + n * size;
            double mean = pass.scratch()[2 * n];
            double scale = pass.scratch()[2 * n + 1];
            double sum = 0;
            double dot = 0;
            for (int i = 0; i < size; i++) {
                double normalized = (xs[at + i] - mean) * scale;
                double g = (double) p[gamma + i] * from[dAt + i];
                sum += g;
                dot += g * normalized;
                d[dGamma + i] += (float) (from[dAt + i] * normalized);
                d[dBeta + i] += from[dAt + i];
            }
            if (dx != null) {
                float[] to = dx.values();
                int to0 = dx.offset() + n * size;
                for (int i = 0; i < size; i++) {
                    double normalized = (xs[at + i] - mean) * scale;
                    double g = (double) p[gamma + i] * from[dAt + i];
                    to[to0 + i] = (float) (scale * (g - (sum + normalized * dot) / size));
                }
            }
        }
    }
}
