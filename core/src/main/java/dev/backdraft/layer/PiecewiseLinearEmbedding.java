package dev.backdraft.layer;

import dev.backdraft.initializer.FanInUniform;
import dev.backdraft.initializer.Uniform;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.util.ArrayList;
import java.util.List;

/**
 * A learned vector for each number that changes linearly within bins, {@code W e(x) + b}, with W and b of their own for
 * each input. For boundaries b₀ &lt; … &lt; b_T, e(x) has 1 for each bin below that of x, {@code (x − bₜ)/(bₜ₊₁ − bₜ)}
 * for the bin [bₜ, bₜ₊₁) of x, and 0 for those above; below b₀ and above b_T, the first and the last bin go on.
 * Gorishniy, Rubachev and Babenko 2022, "On embeddings for numerical features", eq. 1. y has the vectors one after the
 * other; with ReLU after it, it is their Q-LR.
 *
 * <p>In the flat vector: W [embeddingSize · inputs × the most bins], of an input with fewer bins the last columns are 0
 * and unused; then b [embeddingSize · inputs]. At the start, both are uniform in ±1/√(most bins), as in the authors'
 * program.
 *
 * @param boundaries of the bins of each input, ascending, at least two; quantiles of the column are a good choice
 * @param embeddingSize length of the vector of an input
 */
public record PiecewiseLinearEmbedding(List<List<Double>> boundaries, int embeddingSize) implements Layer {
    public PiecewiseLinearEmbedding {
        Require.atLeast(1, "the number of inputs of a piecewise linear embedding", boundaries.size());
        Require.atLeast(1, "the embedding size of a piecewise linear embedding", embeddingSize);
        List<List<Double>> copy = new ArrayList<>();
        long most = 0;
        for (List<Double> ofInput : boundaries) {
            checkAscending(copy.size(), ofInput);
            copy.add(List.copyOf(ofInput));
            most = Math.max(most, ofInput.size());
        }
        Require.fitsArray("a piecewise linear embedding", "outputs", (long) embeddingSize * boundaries.size());
        double parameters = (double) most * embeddingSize * boundaries.size();
        Require.fitsArray("a piecewise linear embedding", "parameters", (long) parameters);
        boundaries = List.copyOf(copy);
    }

    private static void checkAscending(int input, List<Double> boundaries) {
        boolean ascending = boundaries != null && boundaries.size() >= 2;
        double before = Double.NEGATIVE_INFINITY;
        for (int i = 0; ascending && i < boundaries.size(); i++) {
            Double boundary = boundaries.get(i);
            ascending = boundary != null && Double.isFinite(boundary) && boundary > before;
            before = ascending ? boundary : before;
        }
        if (!ascending) {
            throw new IllegalArgumentException("the boundaries of input " + input + " are " + boundaries
                    + ", but must be at least two ascending numbers");
        }
    }

    /** One input with one bin from 0 to 1, and one number. */
    public PiecewiseLinearEmbedding() {
        this(List.of(List.of(0.0, 1.0)), 1);
    }

    @Override
    public String name() {
        return "piecewise-linear-embedding";
    }

    @Override
    public int inputSize() {
        return boundaries.size();
    }

    @Override
    public int outputSize() {
        return boundaries.size() * embeddingSize;
    }

    private int mostBins() {
        int most = 1;
        for (List<Double> ofInput : boundaries) {
            most = Math.max(most, ofInput.size() - 1);
        }
        return most;
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.weight("weight", outputSize(), mostBins()), Parameter.bias("bias", outputSize()));
    }

    @Override
    public void initialize(Slice parameters, SplitMix random) {
        int bins = mostBins();
        Matrix weights = parameters.matrix(0, outputSize(), bins);
        new FanInUniform().fill(random, weights);
        for (int input = 0; input < boundaries.size(); input++) {
            for (int bin = boundaries.get(input).size() - 1; bin < bins; bin++) {
                for (int u = 0; u < embeddingSize; u++) {
                    weights.set(input * embeddingSize + u, bin, 0);
                }
            }
        }
        double bound = Math.sqrt(1.0 / bins);
        new Uniform(-bound, bound).fill(random, parameters.matrix(outputSize() * bins, outputSize(), 1));
    }

    /** The bin of a number, by bisection; NaN is in the first. */
    private static int bin(List<Double> boundaries, double x) {
        int low = 0;
        int high = boundaries.size() - 1; // the bin is within [low, high)
        while (high - low > 1) {
            int middle = (low + high) / 2;
            if (x >= boundaries.get(middle)) {
                low = middle;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static double width(List<Double> boundaries, int bin) {
        return boundaries.get(bin + 1) - boundaries.get(bin);
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] p = parameters.values();
        int height = y.rows();
        int biases = parameters.offset() + height * mostBins();
        for (int i = 0; i < x.size(); i++) { // every input of every row
            int input = i % x.rows();
            double value = x.values()[x.offset() + i];
            List<Double> of = boundaries.get(input);
            int bin = bin(of, value);
            float share = (float) ((value - of.get(bin)) / width(of, bin));
            int to = y.offset() + i * embeddingSize;
            System.arraycopy(p, biases + input * embeddingSize, y.values(), to, embeddingSize);
            int w = parameters.offset() + input * embeddingSize;
            for (int t = 0; t <= bin; t++) {
                float factor = t < bin ? 1 : share;
                for (int u = 0; u < embeddingSize; u++) {
                    y.values()[to + u] += p[w + t * height + u] * factor;
                }
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        float[] p = parameters.values();
        float[] d = dParameters.values();
        int height = y.rows();
        int biases = dParameters.offset() + height * mostBins();
        for (int i = 0; i < x.size(); i++) {
            int input = i % x.rows();
            double value = x.values()[x.offset() + i];
            List<Double> of = boundaries.get(input);
            int bin = bin(of, value);
            float share = (float) ((value - of.get(bin)) / width(of, bin));
            int from = dy.offset() + i * embeddingSize;
            int first = input * embeddingSize;
            double slope = 0;
            for (int u = 0; u < embeddingSize; u++) {
                float g = dy.values()[from + u];
                d[biases + first + u] += g;
                for (int t = 0; t < bin; t++) {
                    d[dParameters.offset() + first + t * height + u] += g;
                }
                d[dParameters.offset() + first + bin * height + u] += share * g;
                slope += (double) p[parameters.offset() + first + bin * height + u] * g;
            }
            if (dx != null) {
                dx.values()[dx.offset() + i] = (float) (slope / width(of, bin));
            }
        }
    }
}
