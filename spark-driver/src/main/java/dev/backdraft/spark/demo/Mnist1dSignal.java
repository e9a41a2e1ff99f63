package dev.backdraft.spark.demo;

import java.util.Arrays;

/**
 * Draws one signal of {@link Mnist1d}, in double: a template of 12 points p, then
 *
 * <ol>
 *   <li>p + 1e-8, so that no point of it is 0, and 36 … 60 zeros after it;
 *   <li>stretched to 72 points, times 1 + 0.4 (u − 0.5), rotated right by 0 … 47;
 *   <li>where it is 0: correlated noise, 0.25 × normal smoothed with a Gaussian of σ = 2;
 *   <li>everywhere: independent noise, 0.02 × normal;
 *   <li>minus the line 0.75 (u − 0.5) × (−0.5 … 0.5), cut to 40 points.
 * </ol>
 *
 * <p>u is uniform in [0, 1). The order of the draws is that of the authors' program. Not thread-safe.
 */
final class Mnist1dSignal {
    private static final double[][] TEMPLATES = {
        {5, 6, 6.5, 6.75, 7, 7, 7, 7, 6.75, 6.5, 6, 5},
        {5, 3, 3, 3.4, 3.8, 4.2, 4.6, 5, 5.4, 5.8, 5, 5},
        {5, 6, 6.5, 6.5, 6, 5.25, 4.75, 4, 3.5, 3.5, 4, 5},
        {5, 6, 6.5, 6.5, 6, 5, 5, 6, 6.5, 6.5, 6, 5},
        {5, 4.4, 3.8, 3.2, 2.6, 2.6, 5, 5, 5, 5, 5, 5},
        {5, 3, 3, 3, 3, 5, 6, 6.5, 6.5, 6, 4.5, 5},
        {5, 4, 3.5, 3.25, 3, 3, 3, 3, 3.25, 3.5, 4, 5},
        {5, 7, 7, 6.6, 6.2, 5.8, 5.4, 5, 4.6, 4.2, 5, 5},
        {5, 4, 3.5, 3.5, 4, 5, 5, 4, 3.5, 3.5, 4, 5},
        {5, 4, 3.5, 3.5, 4, 5, 5, 5, 5, 4.7, 4.3, 5},
    };
    private static final int LENGTH = 72; // of a template with the longest padding
    private static final int LEAST_PADDING = 36;
    private static final int PADDINGS = 25;
    private static final int ROTATIONS = 48;
    private static final int RADIUS = 8; // four σ

    private final MersenneTwister random;
    private final double[] smoothing = gaussian(2, RADIUS);

    Mnist1dSignal(MersenneTwister random) {
        this.random = random;
    }

    /** A new signal of this class. */
    double[] draw(int label) {
        double[] padded = pad(template(label));
        double[] x = interpolate(padded, LENGTH);
        double scale = 1 + 0.4 * (random.uniform() - 0.5);
        for (int i = 0; i < LENGTH; i++) {
            x[i] *= scale;
        }
        x = rotate(x, random.below(ROTATIONS));
        double[] correlated = smooth(normals(0.25)); // drawn for every point, used where x is 0
        double[] independent = normals(0.02);
        double slope = 0.75 * (random.uniform() - 0.5);
        for (int i = 0; i < LENGTH; i++) {
            x[i] = (x[i] != 0 ? x[i] : correlated[i]) + independent[i] - slope * (i / (LENGTH - 1.0) - 0.5);
        }
        return interpolate(x, Mnist1d.FEATURES);
    }

    /** The template with deviation 1/6 that starts at 0. */
    private static double[] template(int label) {
        double[] x = TEMPLATES[label].clone();
        double mean = Arrays.stream(x).average().orElseThrow();
        double variance = Arrays.stream(x)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double first = x[0];
        for (int i = 0; i < x.length; i++) {
            x[i] = (x[i] - first) / Math.sqrt(variance) / 6;
        }
        return x;
    }

    private double[] pad(double[] template) {
        double[] padded = new double[template.length + LEAST_PADDING + (int) (PADDINGS * random.uniform())];
        for (int i = 0; i < template.length; i++) {
            padded[i] = template[i] + 1e-8;
        }
        return padded;
    }

    /**
     * Linear interpolation to n points over the same range. Points are placed as in NumPy: what falls on a zero must stay an
     * exact zero, as noise is put there and nowhere else.
     */
    private static double[] interpolate(double[] y, int n) {
        double oldStep = 1.0 / (y.length - 1);
        double newStep = 1.0 / (n - 1);
        double[] result = new double[n];
        int left = 0;
        for (int i = 0; i < n - 1; i++) {
            double x = i * newStep;
            while ((left + 1) * oldStep <= x) {
                left++;
            }
            double slope = (y[left + 1] - y[left]) / ((left + 1) * oldStep - left * oldStep);
            result[i] = slope * (x - left * oldStep) + y[left];
        }
        result[n - 1] = y[y.length - 1];
        return result;
    }

    private static double[] rotate(double[] x, int right) {
        double[] rotated = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            rotated[(i + right) % x.length] = x[i];
        }
        return rotated;
    }

    private double[] normals(double scale) {
        double[] noise = new double[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            noise[i] = scale * random.normal();
        }
        return noise;
    }

    /** Weighted sum over −radius … radius; beyond an end the signal is mirrored, its end point repeated. */
    private double[] smooth(double[] x) {
        double[] y = new double[x.length];
        for (int i = 0; i < x.length; i++) {
            for (int k = -RADIUS; k <= RADIUS; k++) {
                int from = i + k;
                from = from < 0 ? -from - 1 : from;
                from = from >= x.length ? 2 * x.length - 1 - from : from;
                y[i] += smoothing[k + RADIUS] * x[from];
            }
        }
        return y;
    }

    private static double[] gaussian(double sigma, int radius) {
        double[] weights = new double[2 * radius + 1];
        for (int k = -radius; k <= radius; k++) {
            weights[k + radius] = StrictMath.exp(-k * k / (2 * sigma * sigma));
        }
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }
}
