package dev.backdraft.metric;

import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Whether predictions that claim a probability are right as often. A row's confidence c is the probability of the class that is
 * predicted; it falls into bin m = 1 … M when {@code (m − 1) / M < c ≤ m / M}. The expected calibration error is the mean over bins,
 * by their weights, of |share right − mean confidence|. Guo et al. 2017, "On calibration of modern neural networks", eq. 3; 15 bins
 * there. Mutable, not thread-safe.
 */
public final class Calibration implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] weight;
    private final double[] right;
    private final double[] confidence;

    /** No rows yet, in this many bins. */
    public Calibration(int bins) {
        if (bins < 1) {
            throw new IllegalArgumentException("there must be at least one bin: " + bins);
        }
        weight = new double[bins];
        right = new double[bins];
        confidence = new double[bins];
    }

    /** M. */
    public int bins() {
        return weight.length;
    }

    /** Adds a row by the probability of the class that is predicted, and whether that is right. */
    public void add(double rowConfidence, boolean isRight, double w) {
        int bin = Math.max(0, Math.min(bins() - 1, (int) Math.ceil(rowConfidence * bins()) - 1));
        weight[bin] += w;
        right[bin] += isRight ? w : 0;
        confidence[bin] += w * rowConfidence;
    }

    /** Adds other rows in as many bins; {@code other} is read. */
    public void add(Calibration other) {
        if (other.bins() != bins()) {
            throw new IllegalArgumentException(other.bins() + " bins cannot be added to " + bins());
        }
        for (int bin = 0; bin < bins(); bin++) {
            weight[bin] += other.weight[bin];
            right[bin] += other.right[bin];
            confidence[bin] += other.confidence[bin];
        }
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return 3L * Double.BYTES * bins();
    }

    void write(ByteBuffer out) {
        Numbers.write(out, weight, right, confidence);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        Numbers.read(in, weight, right, confidence);
    }

    /** The weight of the rows in a bin, counted from 0. */
    public double weight(int bin) {
        return weight[bin];
    }

    /** The share of rows in a bin that are right; NaN of an empty one. */
    public double accuracy(int bin) {
        return right[bin] / weight[bin];
    }

    /** The mean confidence of the rows in a bin; NaN of an empty one. */
    public double confidence(int bin) {
        return confidence[bin] / weight[bin];
    }

    /** {@code Σ |right − Σ confidence| / Σ weight}; NaN of nothing. */
    public double expectedError() {
        double gap = 0;
        double all = 0;
        for (int bin = 0; bin < bins(); bin++) {
            gap += Math.abs(right[bin] - confidence[bin]);
            all += weight[bin];
        }
        return gap / all;
    }
}
