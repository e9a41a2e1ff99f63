package dev.backdraft.metric;

import dev.backdraft.linalg.Matrix;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * Mean deviances of predicted means μ from true amounts t, over rows and columns, as in scikit-learn: under the Poisson
 * distribution {@code 2 (t log(t/μ) − t + μ)}, the gamma distribution {@code 2 (t/μ − log(t/μ) − 1)}, and the Tweedie
 * distribution of a power p between 1 and 2, {@code 2 (t^(2−p)/((1−p)(2−p)) − t μ^(1−p)/(1−p) + μ^(2−p)/(2−p))}. NaN
 * when a mean is not above 0 or an amount is negative; that of gamma also when an amount is 0. Mutable, not
 * thread-safe.
 */
public final class Deviances implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] sums = new double[3]; // of Poisson, gamma and Tweedie
    private double power;
    private double weight;

    /** No rows yet, for the Tweedie distribution of this power, above 1 and below 2. */
    public Deviances(double power) {
        this.power = power;
    }

    /**
     * Adds a row; one of weight 0 is no row.
     *
     * @param predicted [columns × n]; read
     * @param actual [columns × n]; read
     * @param row a column of both
     */
    public void add(Matrix predicted, Matrix actual, int row, double w) {
        for (int k = 0; k < predicted.rows(); k++) {
            add(predicted.get(k, row), actual.get(k, row), w);
        }
    }

    /** Adds a row of one column; one of weight 0 is no row. */
    public void add(double mean, double t, double w) {
        if (w == 0) {
            return;
        }
        weight += w;
        if (!(mean > 0 && t >= 0)) {
            sums[0] = Double.NaN;
            sums[1] = Double.NaN;
            sums[2] = Double.NaN;
            return;
        }
        double log = StrictMath.log(t / mean);
        sums[0] += 2 * w * ((t == 0 ? 0 : t * log) - t + mean);
        sums[1] += t == 0 ? Double.NaN : 2 * w * (t / mean - log - 1);
        double a = 1 - power;
        double b = 2 - power;
        double ofTweedie =
                StrictMath.pow(t, b) / (a * b) - t * StrictMath.pow(mean, a) / a + StrictMath.pow(mean, b) / b;
        sums[2] += 2 * w * ofTweedie;
    }

    /** Adds other rows; {@code other} is read. */
    public void add(Deviances other) {
        if (other.power != power) {
            throw new IllegalArgumentException(
                    "deviances of power " + other.power + " cannot be added to those of " + power);
        }
        for (int i = 0; i < sums.length; i++) {
            sums[i] += other.sums[i];
        }
        weight += other.weight;
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return Double.BYTES * (2L + sums.length);
    }

    void write(ByteBuffer out) {
        out.putDouble(power).putDouble(weight);
        Numbers.write(out, sums);
    }

    /** Overwrites all numbers with those that others wrote. */
    void read(ByteBuffer in) {
        power = in.getDouble();
        weight = in.getDouble();
        Numbers.read(in, sums);
    }

    /** The mean Poisson deviance; NaN of nothing. */
    public double poisson() {
        return sums[0] / weight;
    }

    /** The mean gamma deviance; NaN of nothing. */
    public double gamma() {
        return sums[1] / weight;
    }

    /** The mean Tweedie deviance; NaN of nothing. */
    public double tweedie() {
        return sums[2] / weight;
    }
}
