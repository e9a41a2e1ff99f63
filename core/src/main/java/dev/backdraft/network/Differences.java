package dev.backdraft.network;

import java.util.function.ToDoubleFunction;

/**
 * Numerical derivatives of a loss. The loss is float32 inside and summed in double.
 *
 * @param parameters single ones are changed by each call, and restored
 * @param loss of the parameters, which it reads
 */
record Differences(float[] parameters, ToDoubleFunction<float[]> loss) {
    private static final float WIDE = 2e-2f;

    private double at(int parameter, float value) {
        float kept = parameters[parameter];
        parameters[parameter] = value;
        double sum = loss.applyAsDouble(parameters);
        parameters[parameter] = kept;
        return sum;
    }

    /** The slope of the line between two points, {@code (L(p + to) − L(p + from))/(to − from)}, as the points were rounded. */
    double slope(int parameter, float from, float to) {
        float left = parameters[parameter] + from;
        float right = parameters[parameter] + to;
        return (at(parameter, right) - at(parameter, left)) / ((double) right - left);
    }

    /**
     * The derivative for a parameter from four losses, {@code (8 (L(p + h/2) − L(p − h/2)) − (L(p + h) − L(p − h)))/(6 h)}, whose
     * error is of order h⁴, with h = 0.02: in float32 a smaller step loses more to rounding than it gains.
     */
    double derivative(int parameter) {
        return (4 * slope(parameter, -WIDE / 2, WIDE / 2) - slope(parameter, -WIDE, WIDE)) / 3;
    }
}
