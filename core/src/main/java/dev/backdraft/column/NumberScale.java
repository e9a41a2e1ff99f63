package dev.backdraft.column;

import java.io.Serializable;

/**
 * Scales numbers and pulls in those far out: x = (v − center) / divisor, then x / √(1 + (x / limit)²), whose absolute
 * value stays below the limit (Holzmüller, Grinsztajn and Steinwart 2024, "Better by default", section 3, "smooth
 * clipping"). In double, rounded once.
 *
 * @param divisor above 0
 * @param limit above 0, or 0 for none
 */
record NumberScale(double center, double divisor, double limit) implements Serializable {
    NumberScale {
        if (!Double.isFinite(center) || !(divisor > 0) || !Double.isFinite(divisor) || !(limit >= 0)) {
            throw new IllegalArgumentException(
                    "center " + center + ", divisor " + divisor + ", limit " + limit + " cannot scale numbers");
        }
    }

    NumberScale() {
        this(0, 1, 0);
    }

    /** The scaled number. */
    float apply(double value) {
        double x = (value - center) / divisor;
        if (limit == 0) {
            return (float) x + 0f; // −0 becomes 0
        }
        double clipped = Math.abs(x) > 1e150 ? Math.signum(x) * limit : x / Math.sqrt(1 + x / limit * (x / limit));
        return (float) clipped + 0f;
    }
}
