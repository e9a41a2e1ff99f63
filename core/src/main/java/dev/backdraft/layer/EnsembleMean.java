package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Exponential;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import java.util.Objects;

/**
 * The mean answer of k members, whose outputs come one after the other. For probabilities, y are the logits of their
 * mean: the softmax, or the sigmoid, of y is the mean of those of the members. The last layer of TabM (Gorishniy,
 * Kotelnikov and Babenko 2025).
 *
 * <p>With {@code l} = log softmax of each member, {@code y = log Σₘ exp lₘ − log k}. With sigmoids σ,
 * {@code y = log Σₘ σ(xₘ) − log Σₘ σ(−xₘ)}. All sums of exponentials have their largest term subtracted first, so that
 * y is exact for inputs of any size.
 *
 * @param inputSize k times the outputs of a member
 * @param members k
 * @param average what is averaged, as the loss takes it
 */
public record EnsembleMean(int inputSize, int members, EnsembleAverage average) implements EnsembleLayer {
    public EnsembleMean {
        LayerSize.positive(inputSize);
        Require.atLeast(1, "the number of members", members);
        Objects.requireNonNull(average, "average");
        if (inputSize % members != 0) {
            throw new IllegalArgumentException("the mean of " + members + " members takes " + inputSize
                    + " values, which is not a multiple: each member has the same number of outputs");
        }
    }

    /** The mean of one member with one output. */
    public EnsembleMean() {
        this(1, 1, EnsembleAverage.OUTPUTS);
    }

    @Override
    public String name() {
        return "ensemble-mean";
    }

    @Override
    public int outputSize() {
        return inputSize / members;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        int outputs = y.rows();
        double[] logs = new double[members];
        double[] others = new double[members];
        double[] logSums = new double[members];
        for (int n = 0; n < x.columns(); n++) {
            int from = x.offset() + n * inputSize;
            for (int m = 0; m < members && average == EnsembleAverage.SOFTMAX; m++) {
                logSums[m] = logSum(x.values(), from + m * outputs, outputs);
            }
            for (int k = 0; k < outputs; k++) {
                double sum = 0;
                for (int m = 0; m < members; m++) {
                    float value = x.values()[from + m * outputs + k];
                    sum += value;
                    if (average == EnsembleAverage.SOFTMAX) {
                        logs[m] = value - logSums[m];
                    } else if (average == EnsembleAverage.SIGMOID) {
                        logs[m] = -softplus(-value);
                        others[m] = -softplus(value);
                    }
                }
                y.values()[y.offset() + n * outputs + k] = (float)
                        switch (average) {
                            case OUTPUTS -> sum / members;
                            case SOFTMAX -> logSum(logs) - StrictMath.log(members);
                            case SIGMOID -> logSum(logs) - logSum(others);
                        };
            }
        }
    }

    private static double softplus(double x) {
        return Math.max(0, x) + StrictMath.log1p(Exponential.exp(-Math.abs(x)));
    }

    /** log Σ exp of the entries. */
    private static double logSum(double[] values) {
        double largest = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            largest = Math.max(largest, value);
        }
        double sum = 0;
        for (double value : values) {
            sum += Exponential.exp(value - largest);
        }
        return largest + StrictMath.log(sum);
    }

    private static double logSum(float[] values, int from, int count) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            largest = Math.max(largest, values[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Exponential.exp(values[i] - largest);
        }
        return largest + StrictMath.log(sum);
    }

    /**
     * With pₘ the softmax of member m and {@code gₘ = dy ⊙ pₘ / Σ p}, {@code dxₘ = gₘ − pₘ Σ gₘ}. With sigmoids,
     * {@code dxₘ = dy σ(xₘ) σ(−xₘ) (1/Σ σ(x) + 1/Σ σ(−x))}.
     */
    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        int outputs = dy.rows();
        for (int n = 0; n < x.columns(); n++) {
            for (int m = 0; m < members; m++) {
                int at = n * inputSize + m * outputs;
                double sum = 0;
                double logSum = 0;
                if (average == EnsembleAverage.SOFTMAX) {
                    logSum = logSum(x.values(), x.offset() + at, outputs);
                    for (int k = 0; k < outputs; k++) {
                        sum += share(x.values()[x.offset() + at + k] - logSum, y.values()[y.offset() + n * outputs + k])
                                * dy.values()[dy.offset() + n * outputs + k];
                    }
                }
                for (int k = 0; k < outputs; k++) {
                    double value = x.values()[x.offset() + at + k];
                    double g = dy.values()[dy.offset() + n * outputs + k];
                    double mean = y.values()[y.offset() + n * outputs + k];
                    dx.values()[dx.offset() + at + k] = (float)
                            switch (average) {
                                case OUTPUTS -> g / members;
                                case SOFTMAX -> g * share(value - logSum, mean) - Exponential.exp(value - logSum) * sum;
                                case SIGMOID -> g * sigmoidShare(value, mean);
                            };
                }
            }
        }
    }

    /** p of a member over the sum of those of all, from the logarithms of p and of the mean. */
    private double share(double log, double logOfMean) {
        return Exponential.exp(log - logOfMean) / members;
    }

    /** σ(x) σ(−x) (1/Σ σ + 1/(k − Σ σ)), where the mean of the σ is the sigmoid of {@code mean}. */
    private double sigmoidShare(double x, double mean) {
        double log = -softplus(x) - softplus(-x);
        return (Exponential.exp(log + softplus(-mean)) + Exponential.exp(log + softplus(mean))) / members;
    }
}
