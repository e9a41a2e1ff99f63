package dev.backdraft.metric;

import java.io.Serializable;
import java.util.Set;

/**
 * A measure of the quality of predictions, computed from {@link MetricSums}. Stateless.
 *
 * <p>To write your own: a class with a public constructor without arguments, and its name in {@code
 * META-INF/services/dev.backdraft.metric.Metric}.
 */
public interface Metric extends Serializable {
    /** The name on the command line, in files and in histories. */
    String label();

    /** Whether a larger value is the better one. */
    boolean largerIsBetter();

    /** Whether it applies to such predictions. */
    boolean suits(PredictionKind kind);

    /** The sums that {@link #value} takes. */
    Set<Collected> collects();

    /** The value; NaN where it is not defined, as of no rows. */
    double value(MetricSums sums);

    /**
     * Whether a value is better than the best one so far, by more than a change that counts. NaN is worse than anything.
     *
     * @param minimumChange 0 or more
     */
    default boolean improves(double value, double best, double minimumChange) {
        if (Double.isNaN(value) || Double.isNaN(best)) {
            return !Double.isNaN(value);
        }
        return largerIsBetter() ? value > best + minimumChange : value < best - minimumChange;
    }
}
