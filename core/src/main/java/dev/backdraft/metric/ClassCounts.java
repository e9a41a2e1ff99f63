package dev.backdraft.metric;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;

/**
 * For each of K classes the weights of the rows that are of it (tₖ), that are predicted to be of it (pₖ), and both (cₖ): all that
 * accuracy, precision, recall, F1, Matthews' correlation and Cohen's κ need. 0/0 counts as 0, but where it says otherwise.
 *
 * <p>Mutable, not thread-safe.
 */
public final class ClassCounts implements Serializable {
    private static final long serialVersionUID = 1;

    private final double[] right; // cₖ
    private final double[] predicted; // pₖ
    private final double[] actual; // tₖ

    /** No rows yet, of this many classes. */
    public ClassCounts(int classes) {
        if (classes < 2) {
            throw new IllegalArgumentException("there must be at least 2 classes: " + classes);
        }
        right = new double[classes];
        predicted = new double[classes];
        actual = new double[classes];
    }

    /** Adds a row. */
    public void add(int trueClass, int predictedClass, double weight) {
        Objects.checkIndex(trueClass, actual.length);
        Objects.checkIndex(predictedClass, actual.length);
        actual[trueClass] += weight;
        predicted[predictedClass] += weight;
        if (trueClass == predictedClass) {
            right[trueClass] += weight;
        }
    }

    /** Adds other rows of the same classes; {@code other} is read. */
    public void add(ClassCounts other) {
        if (other.classes() != classes()) {
            throw new IllegalArgumentException(
                    "counts of " + other.classes() + " classes cannot be added to those of " + classes());
        }
        for (int k = 0; k < classes(); k++) {
            actual[k] += other.actual[k];
            predicted[k] += other.predicted[k];
            right[k] += other.right[k];
        }
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return 3L * Double.BYTES * classes();
    }

    void write(ByteBuffer out) {
        Numbers.write(out, right, predicted, actual);
    }

    /** Overwrites all numbers with those that sums of the same shape wrote. */
    void read(ByteBuffer in) {
        Numbers.read(in, right, predicted, actual);
    }

    /** K. */
    public int classes() {
        return actual.length;
    }

    /** Σ tₖ, the weight of all rows. */
    public double weight() {
        return sum(actual);
    }

    /** tₖ, the weight of the rows that are of class k. */
    public double support(int k) {
        return actual[k];
    }

    /** Σ cₖ / Σ tₖ, the share of rows predicted right; NaN of nothing. */
    public double accuracy() {
        return sum(right) / weight();
    }

    /** cₖ / pₖ, the share of the rows predicted to be of class k that are. */
    public double precision(int k) {
        return ratio(right[k], predicted[k]);
    }

    /** cₖ / tₖ, the share of the rows of class k that are found. */
    public double recall(int k) {
        return ratio(right[k], actual[k]);
    }

    /** 2 cₖ / (tₖ + pₖ), the harmonic mean of precision and recall. */
    public double f1(int k) {
        return ratio(2 * right[k], actual[k] + predicted[k]);
    }

    /** Precision of all classes; NaN of nothing. */
    public double precision(Average average) {
        return average(average, this::precision);
    }

    /** Recall of all classes; NaN of nothing. */
    public double recall(Average average) {
        return average(average, this::recall);
    }

    /** F1 of all classes; NaN of nothing. */
    public double f1(Average average) {
        return average(average, this::f1);
    }

    private double average(Average average, IntToDoubleFunction score) {
        double weight = weight();
        if (weight == 0) {
            return Double.NaN;
        }
        if (average == Average.MICRO) {
            return accuracy();
        }
        boolean weighted = average == Average.WEIGHTED;
        double sum = 0;
        for (int k = 0; k < classes(); k++) {
            sum += (weighted ? actual[k] : 1) * score.applyAsDouble(k);
        }
        return sum / (weighted ? weight : classes());
    }

    /** The mean recall of the classes that occur; NaN of nothing. */
    public double balancedAccuracy() {
        double sum = 0;
        int occurring = 0;
        for (int k = 0; k < classes(); k++) {
            sum += recall(k);
            occurring += actual[k] > 0 ? 1 : 0;
        }
        return sum / occurring;
    }

    /**
     * Matthews' correlation of true and predicted classes, with s = Σ tₖ and c = Σ cₖ: {@code (c s − Σ tₖ pₖ) / √((s² − Σ tₖ²)(s² −
     * Σ pₖ²))}: 1 is perfect, 0 no better than chance. 0 when only one class is true or predicted; NaN of nothing. Gorodkin 2004,
     * "Comparing two K-category assignments by a K-category correlation coefficient", eq. 8.
     */
    public double matthews() {
        double s = weight();
        if (s == 0) {
            return Double.NaN;
        }
        double covariance = sum(right) * s;
        for (int k = 0; k < classes(); k++) {
            covariance -= actual[k] * predicted[k];
        }
        return ratio(covariance, Math.sqrt(spread(actual)) * Math.sqrt(spread(predicted)));
    }

    /** s² − Σ xₖ² as Σ xₖ (s − xₖ), which is exactly 0 when there is one class. */
    private static double spread(double[] x) {
        double s = sum(x);
        double spread = 0;
        for (double xk : x) {
            spread += xk * (s - xk);
        }
        return spread;
    }

    /**
     * Cohen's κ, how much of the agreement that chance does not explain there is: {@code 1 − (s − c) / (s − Σ tₖ pₖ / s)}. NaN when
     * all rows are, and are predicted, of one class. Cohen 1960, "A coefficient of agreement for nominal scales".
     */
    public double cohenKappa() {
        double s = weight();
        double wrong = 0;
        double wrongByChance = 0;
        for (int k = 0; k < classes(); k++) {
            wrong += actual[k] - right[k];
            wrongByChance += actual[k] * (s - predicted[k]) / s;
        }
        return 1 - wrong / wrongByChance;
    }

    private static double ratio(double part, double whole) {
        return whole == 0 ? 0 : part / whole;
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }
}
