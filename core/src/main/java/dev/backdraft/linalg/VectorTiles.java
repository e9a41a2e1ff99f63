package dev.backdraft.linalg;

/**
 * The micro-kernels for one number of vector registers: a tile of C is held in registers while the chains of its elements run over k.
 * Both methods compute {@code C += A B} for a tile, where A [rows × k] has its rows side by side and its columns {@code aStride}
 * apart, B [k × columns] is packed row by row, and the columns of C are {@code cStride} apart. A and B are read; C is added to, or
 * overwritten if not {@code adds}.
 */
interface VectorTiles {
    /** Vectors in a column of a full tile. */
    int vectors();

    /** Columns of a full tile. */
    int columns();

    /** A tile of {@link #vectors} vectors × {@link #columns} columns. */
    void full(
            int k, float[] a, int aAt, int aStride, float[] b, int bAt, float[] c, int cAt, int cStride, boolean adds);

    /** A tile of one vector × {@link #columns} columns. */
    void oneVector(
            int k, float[] a, int aAt, int aStride, float[] b, int bAt, float[] c, int cAt, int cStride, boolean adds);
}
