package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.List;

/**
 * Batch normalization: each entry is brought to mean 0 and variance 1 over the rows of a leaf, then scaled and shifted, {@code
 * y = γ x̂ + β, x̂ = (x − μ)/√(σ² + ε)}. Ioffe and Szegedy 2015. μ and σ² are the mean and biased variance over the rows,
 * weighted, so that a row of weight 2 counts like two rows. A trained network uses running means of them.
 *
 * <p>A leaf is the part of a batch that one lane computes: so no machine waits for another, and with several lanes this is ghost
 * batch normalization (Hoffer, Hubara and Soudry 2017). A leaf of one row gives y = β and no gradient but that of β; have more
 * rows a leaf than that. A leaf whose rows all have weight 0 counts for nothing, and is normalized as a trained network would.
 *
 * <p>Backwards, W = Σ w: {@code dxᵢ = γ/√(σ² + ε) · (dyᵢ − wᵢ/W (Σ dy + x̂ᵢ Σ dy x̂)), dγ = Σ dy x̂, dβ = Σ dy}. In the flat vector: γ
 * (starts at 1), then β (at 0). Statistics: the running mean (starts at 0), then the running variance (at 1), moved after each
 * step by {@code r ← (1 − m) r + m s}, s the mean over the step's leaves, with the unbiased variance n/(n − 1) σ², as in PyTorch; n is
 * the number of rows with a weight, and one row needs no correction.
 *
 * @param epsilon ε, positive
 * @param momentum m, 0 ≤ m ≤ 1: the weight of the newest step (Keras calls 1 − m momentum)
 */
public record BatchNorm(int size, double epsilon, double momentum) implements Layer {
    public BatchNorm {
        LayerSize.positive(size);
        Require.positive("epsilon", epsilon);
        Require.share("the momentum of batch normalization", momentum);
    }

    /** One unit, ε = 1e-5, m = 0.1. */
    public BatchNorm() {
        this(1, 1e-5, 0.1);
    }

    @Override
    public String name() {
        return "batch-norm";
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
    public List<Parameter> statistics() {
        return List.of(Parameter.bias("mean", size), Parameter.bias("variance", size));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        fill(parameters, 1, 0);
    }

    @Override
    public void initializeStatistics(Slice statistics) {
        fill(statistics, 0, 1);
    }

    private void fill(Slice slice, float first, float second) {
        for (int i = 0; i < size; i++) {
            slice.values()[slice.offset() + i] = first;
            slice.values()[slice.offset() + size + i] = second;
        }
    }

    @Override
    public void checkStatistics(Slice statistics) {
        for (int i = 0; i < size; i++) {
            float variance = statistics.values()[statistics.offset() + size + i];
            if (!(variance >= 0)) {
                throw new IllegalArgumentException("variance " + i + " of a batch normalization is " + variance);
            }
        }
    }

    @Override
    public void updateStatistics(Slice batch, Slice statistics) {
        for (int i = 0; i < 2 * size; i++) {
            double running = statistics.values()[statistics.offset() + i];
            statistics.values()[statistics.offset() + i] =
                    (float) ((1 - momentum) * running + momentum * batch.values()[batch.offset() + i]);
        }
    }

    /** Mean and 1/√(σ² + ε) of each entry, of the batch or of the running statistics. */
    @Override
    public int scratchSize(int rows) {
        return 2 * size;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        double total = pass.training() ? totalWeight(x.columns(), pass) : 0;
        if (total > 0) {
            measure(x, total, pass);
        } else {
            takeRunning(pass);
        }
        float[] p = parameters.values();
        int gamma = parameters.offset();
        int beta = gamma + size;
        float[] s = pass.scratch();
        float[] from = x.values();
        float[] to = y.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = x.offset() + n * size;
            int yAt = y.offset() + n * size;
            for (int i = 0; i < size; i++) {
                to[yAt + i] = p[gamma + i] * ((from[at + i] - s[i]) * s[size + i]) + p[beta + i];
            }
        }
    }

    private void takeRunning(Pass pass) {
        float[] running = pass.statistics().values();
        int at = pass.statistics().offset();
        for (int i = 0; i < size; i++) {
            pass.scratch()[i] = running[at + i];
            pass.scratch()[size + i] = (float) (1 / Math.sqrt(running[at + size + i] + epsilon));
        }
    }

    private static double totalWeight(int rows, Pass pass) {
        double total = 0;
        for (int n = 0; n < rows; n++) {
            total += pass.weight(n);
        }
        return total;
    }

    private void measure(Matrix x, double total, Pass pass) {
        int rows = x.columns();
        float[] from = x.values();
        Slice sums = pass.statisticSums();
        int count = 0; // a row of weight 0 is no row
        for (int n = 0; n < rows; n++) {
            count += pass.weight(n) > 0 ? 1 : 0;
        }
        double unbiased = count > 1 ? count / (count - 1.0) : 1;
        for (int i = 0; i < size; i++) {
            double mean = 0;
            for (int n = 0; n < rows; n++) {
                mean += pass.weight(n) * (double) from[x.offset() + n * size + i];
            }
            mean /= total;
            double variance = 0;
            for (int n = 0; n < rows; n++) {
                double d = from[x.offset() + n * size + i] - mean;
                variance += pass.weight(n) * d * d;
            }
            variance /= total;
            pass.scratch()[i] = (float) mean;
            pass.scratch()[size + i] = (float) (1 / Math.sqrt(variance + epsilon));
            if (sums != null) {
                sums.values()[sums.offset() + i] += (float) (total * mean);
                sums.values()[sums.offset() + size + i] += (float) (total * unbiased * variance);
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] s = pass.scratch();
        float[] xs = x.values();
        float[] from = dy.values();
        int rows = x.columns();
        // 0 where mean and variance do not depend on x
        double total = pass.training() ? totalWeight(rows, pass) : 0;
        for (int i = 0; i < size; i++) {
            double sum = 0;
            double dot = 0;
            for (int n = 0; n < rows; n++) {
                double d = from[dy.offset() + n * size + i];
                sum += d;
                dot += d * ((xs[x.offset() + n * size + i] - s[i]) * s[size + i]);
            }
            dParameters.values()[dParameters.offset() + i] += (float) dot;
            dParameters.values()[dParameters.offset() + size + i] += (float) sum;
            if (dx != null) {
                double scale = (double) parameters.values()[parameters.offset() + i] * s[size + i];
                for (int n = 0; n < rows; n++) {
                    double normalized = (xs[x.offset() + n * size + i] - s[i]) * s[size + i];
                    double share = total > 0 ? pass.weight(n) / total * (sum + normalized * dot) : 0;
                    dx.values()[dx.offset() + n * size + i] =
                            (float) (scale * (from[dy.offset() + n * size + i] - share));
                }
            }
        }
    }
}
