package dev.backdraft.explain;

/**
 * A part of a path, and the output at its ends.
 *
 * @param from where it starts, as a share of the path
 * @param to where it ends
 */
record Part(double from, double to, double first, double last) {
    /** Where Gauss-Legendre quadrature of five points looks, on [−1, 1]; the third is the middle. */
    private static final double[] NODES = {
        -0.906179845938664, -0.5384693101056831, 0, 0.5384693101056831, 0.906179845938664
    };

    private static final double[] WEIGHTS = {
        0.23692688505618908, 0.47862867049936647, 0.5688888888888889, 0.47862867049936647, 0.23692688505618908
    };

    /** Number of points of a part. */
    static final int POINTS = 5;

    static final int MIDDLE = 2;

    double length() {
        return to - from;
    }

    double middle() {
        return (from + to) / 2;
    }

    /** Where point k is, as a share of the path. */
    double point(int k) {
        return middle() + NODES[k] * length() / 2;
    }

    /** The weight of point k in the integral. */
    double weight(int k) {
        return WEIGHTS[k] * length() / 2;
    }
}
