package dev.backdraft.initializer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/**
 * A random orthogonal matrix times a gain: with out ≤ in its rows are orthonormal, else its columns. Uniform over such matrices:
 * the Q of the QR decomposition of a matrix of normal draws, by Gram and Schmidt, whose R has a positive diagonal (Mezzadri
 * 2007). Saxe, McClelland and Ganguli 2014, section 3.
 *
 * @param gain positive; √2 suits ReLU
 */
public record Orthogonal(double gain) implements Initializer {
    public Orthogonal {
        Require.positive("the gain of an orthogonal matrix", gain);
    }

    /** Gain 1. */
    public Orthogonal() {
        this(1);
    }

    @Override
    public String name() {
        return "orthogonal";
    }

    @Override
    public void fill(SplitMix random, Matrix weights) {
        boolean wide = weights.rows() <= weights.columns();
        int count = wide ? weights.rows() : weights.columns(); // vectors, each of this length
        int length = wide ? weights.columns() : weights.rows();
        double[][] vectors = new double[count][length];
        for (int k = 0; k < count; k++) {
            double[] v = vectors[k];
            double left = 0;
            while (left < 1e-6) { // else what is left of a vector of normal draws is rounding
                for (int i = 0; i < length; i++) {
                    v[i] = random.nextGaussian();
                }
                subtractProjections(vectors, k);
                subtractProjections(vectors, k); // once more: rounding of the first pass (Giraud et al. 2005)
                left = norm(v);
            }
            for (int i = 0; i < length; i++) {
                v[i] /= left;
                weights.set(wide ? k : i, wide ? i : k, (float) (gain * v[i]));
            }
        }
    }

    private static void subtractProjections(double[][] vectors, int k) {
        double[] v = vectors[k];
        for (int j = 0; j < k; j++) {
            double dot = 0;
            for (int i = 0; i < v.length; i++) {
                dot += v[i] * vectors[j][i];
            }
            for (int i = 0; i < v.length; i++) {
                v[i] -= dot * vectors[j][i];
            }
        }
    }

    private static double norm(double[] v) {
        double sum = 0;
        for (double x : v) {
            sum += x * x;
        }
        return Math.sqrt(sum);
    }
}
