package dev.backdraft.data;

import dev.backdraft.linalg.Exponential;

/**
 * The scale on which a regression learns its label. The network is trained with {@link #apply} of the label, and what
 * it predicts goes back by {@link #invert}. Both functions rise, so quantiles stay quantiles and a median stays a
 * median; a mean does not stay a mean: exp of the mean logarithm is the geometric mean, which is below the mean.
 */
public enum LabelScale {
    /** The label as it is. */
    LINEAR("any number"),

    /** log y: for amounts above 0 whose differences are ratios, such as prices and durations. */
    LOG("more than 0"),

    /** log (1 + y): for counts and amounts that may be 0. */
    LOG1P("more than -1");

    private final String accepted;

    LabelScale(String accepted) {
        this.accepted = accepted;
    }

    /** Describes the labels that {@link #accepts} accepts, for messages. */
    public String accepted() {
        return accepted;
    }

    /** Whether a label is on this scale; NaN is on none but the linear one. */
    public boolean accepts(double label) {
        return switch (this) {
            case LINEAR -> true;
            case LOG -> label > 0;
            case LOG1P -> label > -1;
        };
    }

    /** The label on this scale; the same bits on every machine. */
    public double apply(double label) {
        return switch (this) {
            case LINEAR -> label;
            case LOG -> StrictMath.log(label);
            case LOG1P -> StrictMath.log1p(label);
        };
    }

    /** The label of a value on this scale; infinite where it is too large for a double. */
    public double invert(double scaled) {
        return switch (this) {
            case LINEAR -> scaled;
            case LOG -> Exponential.exp(scaled);
            case LOG1P -> Exponential.expm1(scaled);
        };
    }

    /** {@code invert(from + by) − invert(from)}, accurate also where the difference is small. */
    double difference(double from, double by) {
        return this == LINEAR ? by : Exponential.exp(from) * Exponential.expm1(by);
    }
}
