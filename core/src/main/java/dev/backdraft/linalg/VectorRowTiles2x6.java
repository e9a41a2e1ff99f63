package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 2 vectors × 6 columns, for a B with its columns side by side and 16 vector registers: 12 hold C, 2 hold A,
 * and one an entry of B.
 */
final class VectorRowTiles2x6 implements VectorTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int COLUMNS = 6;
    private static final int PANEL = 2 * LANES; // entries of a packed A for one term

    @Override
    public int vectors() {
        return 2;
    }

    @Override
    public int columns() {
        return COLUMNS;
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
        if (aStride == PANEL && bStride == COLUMNS) {
            packed(k, a, aAt, b, bAt, c, cAt, cStride, adds);
        } else {
            strided(k, a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, adds);
        }
    }

    /**
     * {@link #full} for two packed factors. With constant strides, and a loop over the entries of A, the compiler
     * leaves out some of the bounds checks. They cost most where a core runs two threads.
     */
    private static void packed(
            int k, float[] a, int aAt, float[] b, int bAt, float[] c, int cAt, int cStride, boolean adds) {
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
        FloatVector c04 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c14 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c05 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c15 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride + LANES) : FloatVector.zero(SPECIES);
        int end = aAt + k * PANEL;
        int from = aAt;
        int entry = bAt;
        do { // in a for loop, the compiler spills the counter to memory
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            FloatVector a1 = FloatVector.fromArray(SPECIES, a, from + LANES);
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
            x = FloatVector.broadcast(SPECIES, b[entry + 4]);
            c04 = a0.fma(x, c04);
            c14 = a1.fma(x, c14);
            x = FloatVector.broadcast(SPECIES, b[entry + 5]);
            c05 = a0.fma(x, c05);
            c15 = a1.fma(x, c15);
            entry += COLUMNS;
            from += PANEL;
        } while (from < end);
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + LANES);
        c01.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c02.intoArray(c, cAt + 2 * cStride);
        c12.intoArray(c, cAt + 2 * cStride + LANES);
        c03.intoArray(c, cAt + 3 * cStride);
        c13.intoArray(c, cAt + 3 * cStride + LANES);
        c04.intoArray(c, cAt + 4 * cStride);
        c14.intoArray(c, cAt + 4 * cStride + LANES);
        c05.intoArray(c, cAt + 5 * cStride);
        c15.intoArray(c, cAt + 5 * cStride + LANES);
    }

    private static void strided(
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
        FloatVector c04 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c14 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c05 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c15 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride + LANES) : FloatVector.zero(SPECIES);
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
            x = FloatVector.broadcast(SPECIES, b[entry + 4]);
            c04 = a0.fma(x, c04);
            c14 = a1.fma(x, c14);
            x = FloatVector.broadcast(SPECIES, b[entry + 5]);
            c05 = a0.fma(x, c05);
            c15 = a1.fma(x, c15);
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
        c04.intoArray(c, cAt + 4 * cStride);
        c14.intoArray(c, cAt + 4 * cStride + LANES);
        c05.intoArray(c, cAt + 5 * cStride);
        c15.intoArray(c, cAt + 5 * cStride + LANES);
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
        FloatVector c04 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c05 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride) : FloatVector.zero(SPECIES);
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
            x = FloatVector.broadcast(SPECIES, b[entry + 4]);
            c04 = a0.fma(x, c04);
            x = FloatVector.broadcast(SPECIES, b[entry + 5]);
            c05 = a0.fma(x, c05);
            entry += bStride;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + cStride);
        c02.intoArray(c, cAt + 2 * cStride);
        c03.intoArray(c, cAt + 3 * cStride);
        c04.intoArray(c, cAt + 4 * cStride);
        c05.intoArray(c, cAt + 5 * cStride);
    }
}
