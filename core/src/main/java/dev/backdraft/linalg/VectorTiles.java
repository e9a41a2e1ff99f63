package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;

/**
 * A micro-kernel: a tile of C is held in registers while the chains of its elements run over k. All tiles have one
 * shape, given by {@link #vectors} and {@link #columns}, and are for one layout of B. Its methods compute {@code C +=
 * A B} for a tile, where A [rows × k] has its rows side by side. A and B are read; C is added to, or overwritten if not
 * {@code adds}.
 *
 * <p>Each shape is spelled out, because the compiler keeps variables in registers but not the elements of an array.
 */
interface VectorTiles {
    /** Vectors in a column of a full tile. */
    int vectors();

    /** Columns of a tile. */
    int columns();

    /**
     * A tile of {@link #vectors} vectors × {@link #columns} columns.
     *
     * @param k terms, at least 1
     * @param aStride from a column of A to the next
     * @param bStride from a column of B to the next, or from a row if the columns are side by side
     * @param cStride from a column of C to the next
     */
    void full(
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
            boolean adds);

    /**
     * A tile of two vectors × {@link #columns} columns; the arguments are those of {@link #full}.
     */
    default void twoVectors(
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
        oneVector(k, a, aAt, aStride, b, bAt, bStride, c, cAt, cStride, adds);
        int lanes = FloatVector.SPECIES_PREFERRED.length();
        oneVector(k, a, aAt + lanes, aStride, b, bAt, bStride, c, cAt + lanes, cStride, adds);
    }

    /** A tile of one vector × {@link #columns} columns; the arguments are those of {@link #full}. */
    void oneVector(
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
            boolean adds);
}
