package dev.backdraft.optim;

import dev.backdraft.tensor.TouchedColumns;

/** Euclidean norm and inner product in double, in a fixed order of the entries, so that they are the same bits everywhere. */
final class Norms {
    private Norms() {}

    /** ‖x‖₂ of the entries from (inclusive) to (exclusive): four sums, as one would wait for each addition. */
    static double euclidean(float[] x, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        int i = from;
        for (; i < to - 3; i += 4) {
            a += (double) x[i] * x[i];
            b += (double) x[i + 1] * x[i + 1];
            c += (double) x[i + 2] * x[i + 2];
            d += (double) x[i + 3] * x[i + 3];
        }
        for (; i < to; i++) {
            a += (double) x[i] * x[i];
        }
        return Math.sqrt((a + b) + (c + d));
    }

    /** ‖x‖₂ of the first entries, all of which but the touched ones are zero: the same four sums. */
    static double euclidean(float[] x, int count, TouchedColumns touched) {
        double[] sums = new double[4];
        int whole = count / 4 * 4;
        for (int start = touched.start(0); start < count; ) {
            int end = Math.min(count, touched.end(start));
            for (int i = start; i < end; i++) {
                sums[i < whole ? i % 4 : 0] += (double) x[i] * x[i];
            }
            start = touched.start(end);
        }
        return Math.sqrt((sums[0] + sums[1]) + (sums[2] + sums[3]));
    }

    /** Σ xᵢ yᵢ of the first entries. */
    static double dot(float[] x, float[] y, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += (double) x[i] * y[i];
        }
        return sum;
    }
}
