package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Tiles of 2 vectors × 4 columns, for a B with its columns side by side: what larger tiles leave over. */
final class VectorRowTiles2x4 implements VectorTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int vectors() {
        return 2;
    }

    @Override
    public int columns() {
        return 4;
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
        FloatVector c00 = adds ? FloatVector.fromArray(SPECIES, c, cAt) : FloatVector.zero(SPECIES);
        FloatVector c10 = adds ? FloatVector.fromArray(SPECIES, c, cAt + LANES) : FloatVector.zero(SPECIES);
        FloatVector c01 = adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride) : FloatVector.zero(SPECIES);
        FloatVector c11 = adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c02 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c12 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c03 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c13 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride + LANES) : FloatVector.zero(SPECIES);
        int from = aAt;
        int entry = bAt;
        for (int p = 0; p < k; p++) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            FloatVector a1 = FloatVector.fromArray(SPECIES, a, from + LANES);
            from += aStride;
            FloatVector x = FloatVector.broadcast(SPECIES, b[entry]);
            c00 = a0.fma(x, c00);
            c10 = a1.fma(x, c10);
            x = FloatVector.broadcast(SPECIES, b[entry + 1]);
            c01 = a0.fma(x, c01);
            c11 = a1.fma(x, c11);
            x = FloatVector.broadcast(SPECIES, b[entry + 2]);
            c02 = a0.fma(x, c02);
            c12 = a1.fma(x, c12);
            x = FloatVector.broadcast(SPECIES, b[entry + 3]);
            c03 = a0.fma(x, c03);
            c13 = a1.fma(x, c13);
            entry += bStride;
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + LANES);
        c01.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c02.intoArray(c, cAt + 2 * cStride);
        c12.intoArray(c, cAt + 2 * cStride + LANES);
        c03.intoArray(c, cAt + 3 * cStride);
        c13.intoArray(c, cAt + 3 * cStride + LANES);
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
        FloatVector c00 = adds ? FloatVector.fromArray(SPECIES, c, cAt) : FloatVector.zero(SPECIES);
        FloatVector c01 = adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride) : FloatVector.zero(SPECIES);
        FloatVector c02 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c03 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride) : FloatVector.zero(SPECIES);
        int from = aAt;
        int entry = bAt;
        for (int p = 0; p < k; p++) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            from += aStride;
            FloatVector x = FloatVector.broadcast(SPECIES, b[entry]);
            c00 = a0.fma(x, c00);
            x = FloatVector.broadcast(SPECIES, b[entry + 1]);
            c01 = a0.fma(x, c01);
            x = FloatVector.broadcast(SPECIES, b[entry + 2]);
            c02 = a0.fma(x, c02);
            x = FloatVector.broadcast(SPECIES, b[entry + 3]);
            c03 = a0.fma(x, c03);
            entry += bStride;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + cStride);
        c02.intoArray(c, cAt + 2 * cStride);
        c03.intoArray(c, cAt + 3 * cStride);
    }
}
