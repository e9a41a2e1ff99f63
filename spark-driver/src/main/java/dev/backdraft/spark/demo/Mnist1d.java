package dev.backdraft.spark.demo;

import dev.backdraft.data.Example;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * MNIST-1D: ten classes of noisy signals of 40 points, generated, so that examples and tests need no file. Labels are the
 * digits 0 … 9; features have mean 0 and deviation 1 over all rows.
 *
 * <p>Each signal is one of ten templates of 12 points, padded, stretched, scaled, moved, given correlated and independent
 * noise, sheared and cut to 40 points. Source: Greydanus 2020, "Scaling down deep learning" (arXiv 2011.14439). Seed 42 with
 * 5000 samples gives the authors' published file in its order, up to rounding.
 *
 * @param train four fifths of the samples, shuffled
 * @param test the others
 */
public record Mnist1d(List<Example> train, List<Example> test) {
    /** Number of features of a row. */
    public static final int FEATURES = 40;

    /** Number of classes. */
    public static final int CLASSES = 10;

    public Mnist1d {
        train = List.copyOf(train);
        test = List.copyOf(test);
    }

    /**
     * Generates the set.
     *
     * @param seed of NumPy's legacy generator, 0 … 2^32 − 1; 42 for the published set
     * @param samples number of training and test rows together, the same number for each class; 5000 in the published set
     * @throws IllegalArgumentException when samples is not a positive multiple of 10
     */
    public static Mnist1d generate(long seed, int samples) {
        if (samples <= 0 || samples % CLASSES != 0) {
            throw new IllegalArgumentException("samples must be a positive multiple of " + CLASSES + ": " + samples);
        }
        MersenneTwister random = new MersenneTwister(seed);
        Mnist1dSignal signal = new Mnist1dSignal(random);
        double[][] signals = new double[samples][];
        for (int i = 0; i < samples; i++) {
            signals[i] = signal.draw(labelOf(i, samples));
        }
        int[] order = random.permutation(samples);
        standardize(signals);

        List<Example> rows = new ArrayList<>(samples);
        for (int i : order) {
            rows.add(Example.dense(toFloats(signals[i]), labelOf(i, samples)));
        }
        int split = (int) (samples * 4L / 5);
        return new Mnist1d(rows.subList(0, split), rows.subList(split, samples));
    }

    private static int labelOf(int sample, int samples) {
        return sample / (samples / CLASSES);
    }

    /** x = (x − mean) / deviation, in place, with one mean and one population deviation of all values. */
    private static void standardize(double[][] signals) {
        double count = (double) signals.length * FEATURES;
        double sum = 0;
        for (double[] signal : signals) {
            sum += Arrays.stream(signal).sum();
        }
        double mean = sum / count;
        double squares = 0;
        for (double[] signal : signals) {
            for (double x : signal) {
                squares += (x - mean) * (x - mean);
            }
        }
        double deviation = Math.sqrt(squares / count);
        for (double[] signal : signals) {
            for (int i = 0; i < signal.length; i++) {
                signal[i] = (signal[i] - mean) / deviation;
            }
        }
    }

    private static float[] toFloats(double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
