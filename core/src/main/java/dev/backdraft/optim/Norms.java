package dev.backdraft.optim;

/** Euclidean norm and inner product in double, in the order of the entries, so that they are the same bits everywhere. */
final class Norms {
    private Norms() {}

    /** ‖x‖₂ of the entries from (inclusive) to (exclusive). */
    static double euclidean(float[] x, int from, int to) {
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += (double) x[i] * x[i];
        }
        return Math.sqrt(sum);
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
