package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * Tiles of 3 vectors × 8 columns, for a B with its columns side by side and 32 vector registers: 24 hold C, 3 hold A,
 * and one an entry of B.
 */
final class VectorRowTiles3x8 implements VectorTiles {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();

    @Override
    public int vectors() {
        return 3;
    }

    @Override
    public int columns() {
        return 8;
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
        FloatVector c20 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c01 = adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride) : FloatVector.zero(SPECIES);
        FloatVector c11 = adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c21 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c02 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c12 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c22 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 2 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c03 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c13 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c23 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 3 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c04 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c14 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c24 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 4 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c05 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c15 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c25 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 5 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c06 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c16 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c26 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        FloatVector c07 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c17 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c27 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride + 2 * LANES) : FloatVector.zero(SPECIES);
        int from = aAt;
        int entry = bAt;
        for (int p = 0; p < k; p++) {
            FloatVector a0 = FloatVector.fromArray(SPECIES, a, from);
            FloatVector a1 = FloatVector.fromArray(SPECIES, a, from + LANES);
            FloatVector a2 = FloatVector.fromArray(SPECIES, a, from + 2 * LANES);
            from += aStride;
            FloatVector x = FloatVector.broadcast(SPECIES, b[entry]);
            c00 = a0.fma(x, c00);
            c10 = a1.fma(x, c10);
            c20 = a2.fma(x, c20);
            x = FloatVector.broadcast(SPECIES, b[entry + 1]);
            c01 = a0.fma(x, c01);
            c11 = a1.fma(x, c11);
            c21 = a2.fma(x, c21);
            x = FloatVector.broadcast(SPECIES, b[entry + 2]);
            c02 = a0.fma(x, c02);
            c12 = a1.fma(x, c12);
            c22 = a2.fma(x, c22);
            x = FloatVector.broadcast(SPECIES, b[entry + 3]);
            c03 = a0.fma(x, c03);
            c13 = a1.fma(x, c13);
            c23 = a2.fma(x, c23);
            x = FloatVector.broadcast(SPECIES, b[entry + 4]);
            c04 = a0.fma(x, c04);
            c14 = a1.fma(x, c14);
            c24 = a2.fma(x, c24);
            x = FloatVector.broadcast(SPECIES, b[entry + 5]);
            c05 = a0.fma(x, c05);
            c15 = a1.fma(x, c15);
            c25 = a2.fma(x, c25);
            x = FloatVector.broadcast(SPECIES, b[entry + 6]);
            c06 = a0.fma(x, c06);
            c16 = a1.fma(x, c16);
            c26 = a2.fma(x, c26);
            x = FloatVector.broadcast(SPECIES, b[entry + 7]);
            c07 = a0.fma(x, c07);
            c17 = a1.fma(x, c17);
            c27 = a2.fma(x, c27);
            entry += bStride;
        }
        c00.intoArray(c, cAt);
        c10.intoArray(c, cAt + LANES);
        c20.intoArray(c, cAt + 2 * LANES);
        c01.intoArray(c, cAt + cStride);
        c11.intoArray(c, cAt + cStride + LANES);
        c21.intoArray(c, cAt + cStride + 2 * LANES);
        c02.intoArray(c, cAt + 2 * cStride);
        c12.intoArray(c, cAt + 2 * cStride + LANES);
        c22.intoArray(c, cAt + 2 * cStride + 2 * LANES);
        c03.intoArray(c, cAt + 3 * cStride);
        c13.intoArray(c, cAt + 3 * cStride + LANES);
        c23.intoArray(c, cAt + 3 * cStride + 2 * LANES);
        c04.intoArray(c, cAt + 4 * cStride);
        c14.intoArray(c, cAt + 4 * cStride + LANES);
        c24.intoArray(c, cAt + 4 * cStride + 2 * LANES);
        c05.intoArray(c, cAt + 5 * cStride);
        c15.intoArray(c, cAt + 5 * cStride + LANES);
        c25.intoArray(c, cAt + 5 * cStride + 2 * LANES);
        c06.intoArray(c, cAt + 6 * cStride);
        c16.intoArray(c, cAt + 6 * cStride + LANES);
        c26.intoArray(c, cAt + 6 * cStride + 2 * LANES);
        c07.intoArray(c, cAt + 7 * cStride);
        c17.intoArray(c, cAt + 7 * cStride + LANES);
        c27.intoArray(c, cAt + 7 * cStride + 2 * LANES);
    }

    @Override
    public void twoVectors(
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
        FloatVector c06 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c16 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride + LANES) : FloatVector.zero(SPECIES);
        FloatVector c07 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c17 =
                adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride + LANES) : FloatVector.zero(SPECIES);
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
            x = FloatVector.broadcast(SPECIES, b[entry + 6]);
            c06 = a0.fma(x, c06);
            c16 = a1.fma(x, c16);
            x = FloatVector.broadcast(SPECIES, b[entry + 7]);
            c07 = a0.fma(x, c07);
            c17 = a1.fma(x, c17);
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
        c06.intoArray(c, cAt + 6 * cStride);
        c16.intoArray(c, cAt + 6 * cStride + LANES);
        c07.intoArray(c, cAt + 7 * cStride);
        c17.intoArray(c, cAt + 7 * cStride + LANES);
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
        FloatVector c06 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 6 * cStride) : FloatVector.zero(SPECIES);
        FloatVector c07 = adds ? FloatVector.fromArray(SPECIES, c, cAt + 7 * cStride) : FloatVector.zero(SPECIES);
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
            x = FloatVector.broadcast(SPECIES, b[entry + 6]);
            c06 = a0.fma(x, c06);
            x = FloatVector.broadcast(SPECIES, b[entry + 7]);
            c07 = a0.fma(x, c07);
            entry += bStride;
        }
        c00.intoArray(c, cAt);
        c01.intoArray(c, cAt + cStride);
        c02.intoArray(c, cAt + 2 * cStride);
        c03.intoArray(c, cAt + 3 * cStride);
        c04.intoArray(c, cAt + 4 * cStride);
        c05.intoArray(c, cAt + 5 * cStride);
        c06.intoArray(c, cAt + 6 * cStride);
        c07.intoArray(c, cAt + 7 * cStride);
    }
}
