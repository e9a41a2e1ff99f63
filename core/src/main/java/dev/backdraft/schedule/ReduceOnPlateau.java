package dev.backdraft.schedule;

import dev.backdraft.json.Require;
import java.io.Serializable;
import java.util.Objects;

/**
 * Lowers the learning rate when a metric no longer gets better. After each metric m: it is better if {@code m < best (1 − h)}
 * (relative) or {@code m < best − h} (absolute), mirrored for a metric to be maximized; otherwise one more bad result is
 * counted, none during a cool-down. When there are more than {@code patience} of them, {@code η ← max(η f, minimum)}, and a
 * cool-down starts; a change of no more than 1e-8 is not made. Exactly PyTorch's ReduceLROnPlateau; NaN is a bad result.
 *
 * <p>Its memory is a {@link PlateauState}. A relative threshold on a negative metric asks for less than nothing: take an absolute
 * one there.
 *
 * @param mode whether less or more is better
 * @param factor f, positive and below 1
 * @param patience bad results in a row that are borne, at least 0
 * @param threshold h, at least 0
 * @param thresholdMode of the best so far, or absolute
 * @param cooldown results after a drop that do not count as bad, at least 0
 * @param minRate the rate does not fall below, at least 0
 */
public record ReduceOnPlateau(
        Mode mode,
        double factor,
        int patience,
        double threshold,
        ThresholdMode thresholdMode,
        int cooldown,
        double minRate)
        implements Serializable {
    /** Which metric is better. */
    public enum Mode {
        MIN,
        MAX
    }

    /** What the threshold is a part of. */
    public enum ThresholdMode {
        RELATIVE,
        ABSOLUTE
    }

    public ReduceOnPlateau {
        Objects.requireNonNull(mode, "mode");
        Objects.requireNonNull(thresholdMode, "thresholdMode");
        if (!(factor > 0 && factor < 1)) {
            throw new IllegalArgumentException("factor must be above 0 and below 1: " + factor);
        }
        Require.atLeast(0, "patience", patience);
        Require.notNegative("threshold", threshold);
        Require.atLeast(0, "cooldown", cooldown);
        Require.notNegative("minRate", minRate);
    }

    /** PyTorch's constants: a tenth when a loss has not fallen by 1e-4 of itself in more than 10 results. */
    public ReduceOnPlateau() {
        this(Mode.MIN, 0.1, 10, 1e-4, ThresholdMode.RELATIVE, 0, 0);
    }

    /**
     * A new state that has seen no metric.
     *
     * @param base the learning rate to begin with
     */
    public PlateauState initialState(double base) {
        return new PlateauState(this, base);
    }

    boolean isBetter(double metric, double best) {
        double sign = mode == Mode.MIN ? -1 : 1;
        double bar = thresholdMode == ThresholdMode.RELATIVE ? best * (1 + sign * threshold) : best + sign * threshold;
        return mode == Mode.MIN ? metric < bar : metric > bar;
    }

    double worst() {
        return mode == Mode.MIN ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
    }
}
