package dev.backdraft.explain;

import java.util.Arrays;

/** The integrals over the parts of a path, added up, and how wrong they are. Mutable. */
final class Integrals {
    private final double[] sums; // of each input
    private double gap;
    private double squares; // of the gaps of the parts

    Integrals(int inputs) {
        sums = new double[inputs];
    }

    /**
     * Adds a part.
     *
     * @param integrals of each input; read
     * @param partGap their sum less the difference of the outputs
     */
    void add(double[] integrals, double partGap) {
        for (int i = 0; i < sums.length; i++) {
            sums[i] += integrals[i];
        }
        gap += partGap;
        squares += partGap * partGap;
    }

    /** The integral of each input; read only. */
    double[] sums() {
        return sums;
    }

    /** The sum of absolute values. */
    double size() {
        return Arrays.stream(sums).map(Math::abs).sum();
    }

    double gap() {
        return gap;
    }

    /** How wrong the sum is, and about how wrong a single integral may be. */
    double error() {
        return Math.max(Math.abs(gap), Math.sqrt(squares));
    }
}
