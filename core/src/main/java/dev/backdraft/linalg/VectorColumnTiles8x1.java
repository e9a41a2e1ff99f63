package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of one column, for a B with its rows side by side: a product with a vector, and what larger tiles leave over.
 */
final class VectorColumnTiles8x1 implements VectorTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int vectors() {
        return 8;
    }

    @Override
    public int columns() {
        return 1;
    }

    @Override
    public void full(
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean adds) {
        FloatVector c0 = adds ? FloatVector.fromArray(SPECIES, c, cAt) : FloatVector.zero(SPECIES);
        FloatVector c1 = adds ? FloatVector.fromArray(SPECIES, c, cAt + LANES) : FloatVector.zero(SPECIES);
        FloatVector c2 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c3 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c4 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c5 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c6 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c7 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * LANES) : FloatVector.zero(SPECIES);
        int from = aAt;
        for (int p = 0; p < k; p++) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            FloatVector a1 = FloatVector.fromArray(SPECIES, a, from + LANES);
            FloatVector a2 = FloatVector.fromArray(SPECIES, a, from + 2 * LANES);
            FloatVector a3 = FloatVector.fromArray(SPECIES, a, from + 3 * LANES);
            FloatVector a4 = FloatVector.fromArray(SPECIES, a, from + 4 * LANES);
            FloatVector a5 = FloatVector.fromArray(SPECIES, a, from + 5 * LANES);
            FloatVector a6 = FloatVector.fromArray(SPECIES, a, from + 6 * LANES);
            FloatVector a7 = FloatVector.fromArray(SPECIES, a, from + 7 * LANES);
            from += aStride;
            FloatVector x = FloatVector.broadcast(SPECIES, b[bAt + p]);
            c0 = a0.fma(x, c0);
            c1 = a1.fma(x, c1);
            c2 = a2.fma(x, c2);
            c3 = a3.fma(x, c3);
            c4 = a4.fma(x, c4);
            c5 = a5.fma(x, c5);
            c6 = a6.fma(x, c6);
            c7 = a7.fma(x, c7);
        }
        c0.intoArray(c, cAt);
        c1.intoArray(c, cAt + LANES);
        c2.intoArray(c, cAt + 2 * LANES);
        c3.intoArray(c, cAt + 3 * LANES);
        c4.intoArray(c, cAt + 4 * LANES);
        c5.intoArray(c, cAt + 5 * LANES);
        c6.intoArray(c, cAt + 6 * LANES);
        c7.intoArray(c, cAt + 7 * LANES);
    }

    @Override
    public void oneVector(
            int k,
            float[] a,
            int aAt,
            int aStride,
            float[] b,
            int bAt,
            int bStride,
            float[] c,
            int cAt,
            int cStride,
            boolean adds) {
        FloatVector c0 = adds ? FloatVector.fromArray(SPECIES, c, cAt) : FloatVector.zero(SPECIES);
        int from = aAt;
        for (int p = 0; p < k; p++) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            from += aStride;
            FloatVector x = FloatVector.broadcast(SPECIES, b[bAt + p]);
            c0 = a0.fma(x, c0);
        }
        c0.intoArray(c, cAt);
    }
}
