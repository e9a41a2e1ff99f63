package dev.backdraft.benchmarks.jmh;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;

/** Matrices of random numbers. */
final class Filled {
    private Filled() {}

    /** Entries uniform in [−1, 1). */
    static Matrix matrix(int rows, int columns, long seed) {
        Matrix matrix = Matrix.zeros(rows, columns);
        fill(matrix.values(), seed);
        return matrix;
    }

    /** Overwrites an array with numbers uniform in [−1, 1). */
    static void fill(float[] values, long seed) {
        for (int i = 0; i < values.length; i++) {
            values[i] = (SplitMix.address(seed, 0, 0, i) >> 40) * 0x1p-23f;
        }
    }
}
