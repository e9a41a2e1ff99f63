package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;

/**
 * The block of a product that one thread is at: where its parts of A and B are, which are packed into the thread's
 * buffers or read where they lie, and the loops over the tiles of C. Not thread-safe.
 */
final class VectorBlock {
    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();

    private static final int PACKED = 0; // as bStride: a panel is as wide as its tiles

    /**
     * Terms that all panels are packed for before the next ones. Where the entries for one term lie side by side, the
     * terms of a panel are spread over many pages of memory, and each panel is on the same pages. A processor remembers
     * the addresses of few pages.
     */
    private static final int CHUNK = 32;

    private final int tileRows;
    private final int tileColumns;
    private final float[] edge; // a tile that C has no room for

    private final int largestA;
    private VectorBuffer packedA; // taken when A is first packed
    private float[] packedB = {}; // grows to the largest block

    private float[] a;
    private int aAt;
    private int
            aRow; // from the first entry of a tile's rows to that of the next row's, if that were the first of a tile
    private int aStride; // from a column to the next
    private VectorTileSet tiles;
    private float[] b;
    private int bAt;
    private int bColumn; // as aRow, for columns
    private int bStride;

    /**
     * For tiles of this shape.
     *
     * @param largestA entries of a packed part of A, at most
     */
    VectorBlock(int tileRows, int tileColumns, int largestA) {
        this.tileRows = tileRows;
        this.tileColumns = tileColumns;
        this.largestA = largestA;
        edge = new float[tileRows * tileColumns];
    }

    /** Reads A in place from an entry on. */
    void readA(Matrix matrix, int row, int p) {
        a = matrix.values();
        aAt = matrix.offset() + row + p * matrix.rows();
        aRow = 1;
        aStride = matrix.rows();
    }

    /** Reads op(B) in place from an entry on. */
    void readB(VectorTileSet newTiles, Matrix matrix, Transpose op, int p, int column) {
        tiles = newTiles;
        b = matrix.values();
        bStride = matrix.rows();
        bAt = matrix.offset() + (op == Transpose.NO ? p + column * bStride : column + p * bStride);
        bColumn = op == Transpose.NO ? bStride : 1;
    }

    /** Packs a part of op(A). */
    void packA(Matrix matrix, Transpose op, int row, int rows, int p, int terms) {
        packedA = packedA == null ? VectorBuffer.take(largestA) : packedA;
        a = packedA.values();
        aAt = packedA.offset();
        aRow = terms;
        aStride = tileRows;
        int stride = matrix.rows();
        if (op == Transpose.YES) {
            int at = matrix.offset() + p + row * stride;
            for (int i = 0; i < rows; i += tileRows) {
                int count = Math.min(tileRows, rows - i);
                Packing.interleave(
                        terms, count, tileRows, matrix.values(), at + i * stride, stride, a, aAt + i * terms);
            }
            return;
        }
        for (int t = 0; t < terms; t += CHUNK) {
            int chunk = Math.min(CHUNK, terms - t);
            int at = matrix.offset() + row + (p + t) * stride;
            for (int i = 0; i < rows; i += tileRows) {
                int count = Math.min(tileRows, rows - i);
                int to = aAt + i * terms + t * tileRows;
                VectorPacking.rows(chunk, count, tileRows, matrix.values(), at + i, stride, a, to);
            }
        }
    }

    /** Packs a part of op(B) for these tiles. */
    void packB(VectorTileSet newTiles, Matrix matrix, Transpose op, int p, int terms, int column, int columns) {
        tiles = newTiles;
        int length = (columns + tileColumns - 1) / tileColumns * tileColumns * terms;
        packedB = packedB.length < length ? new float[length] : packedB;
        b = packedB;
        bAt = 0;
        bColumn = terms;
        bStride = PACKED;
        int stride = matrix.rows();
        if (op == Transpose.NO) {
            int at = matrix.offset() + p + column * stride;
            for (int j = 0; j < columns; j += tileColumns) {
                int count = Math.min(tileColumns, columns - j);
                int padded = tiles.next(count).columns();
                Packing.interleave(terms, count, padded, matrix.values(), at + j * stride, stride, b, j * terms);
            }
            return;
        }
        for (int t = 0; t < terms; t += CHUNK) {
            int chunk = Math.min(CHUNK, terms - t);
            int at = matrix.offset() + column + (p + t) * stride;
            for (int j = 0; j < columns; j += tileColumns) {
                int count = Math.min(tileColumns, columns - j);
                int padded = tiles.next(count).columns();
                VectorPacking.columns(chunk, count, padded, matrix.values(), at + j, stride, b, j * terms + t * padded);
            }
        }
    }

    /** Lets go of the arrays of others: this block lives as long as its thread. */
    void release() {
        a = null;
        b = null;
    }

    /** Computes the block of C at a row and column from the parts of A and B that were packed or are read. */
    void multiply(int rows, int columns, int terms, Matrix c, int row, int column, boolean adds) {
        int cStride = c.rows();
        for (int j = 0; j < columns; ) {
            VectorTiles shape = tiles.next(columns - j);
            int count = Math.min(shape.columns(), columns - j);
            int step = aRow == 1 ? shape.vectors() * LANES : tileRows;
            for (int i = 0; i < rows; i += step) {
                int height = Math.min(step, rows - i);
                int fitting = count == shape.columns() ? height / LANES * LANES : 0;
                int cAt = c.offset() + row + i + (column + j) * cStride;
                int tileA = aAt + i * aRow;
                int tileB = bAt + j * bColumn;
                tile(shape, fitting / LANES, terms, tileA, tileB, c.values(), cAt, cStride, adds);
                if (fitting < height) {
                    edge(shape, height - fitting, count, terms, tileA + fitting, tileB, c, cAt + fitting, adds);
                }
            }
            j += count;
        }
    }

    /** A tile that C has no room for: computed elsewhere, and copied as far as there is room. */
    private void edge(
            VectorTiles shape,
            int rows,
            int columns,
            int terms,
            int tileA,
            int tileB,
            Matrix c,
            int cAt,
            boolean adds) {
        for (int j = 0; adds && j < columns; j++) {
            System.arraycopy(c.values(), cAt + j * c.rows(), edge, j * tileRows, rows);
        }
        tile(shape, (rows + LANES - 1) / LANES, terms, tileA, tileB, edge, 0, tileRows, adds);
        for (int j = 0; j < columns; j++) {
            System.arraycopy(edge, j * tileRows, c.values(), cAt + j * c.rows(), rows);
        }
    }

    private void tile(
            VectorTiles shape,
            int vectors,
            int terms,
            int tileA,
            int tileB,
            float[] c,
            int cAt,
            int cStride,
            boolean adds) {
        int full = shape.vectors();
        int step = bStride == PACKED ? shape.columns() : bStride;
        int v = 0;
        for (; v + full <= vectors; v += full) {
            int skip = v * LANES;
            shape.full(terms, a, tileA + skip, aStride, b, tileB, step, c, cAt + skip, cStride, adds);
        }
        if (v + 2 <= vectors) { // two of a tile's three vectors remain
            int skip = v * LANES;
            shape.twoVectors(terms, a, tileA + skip, aStride, b, tileB, step, c, cAt + skip, cStride, adds);
            v += 2;
        }
        for (; v < vectors; v++) {
            int skip = v * LANES;
            shape.oneVector(terms, a, tileA + skip, aStride, b, tileB, step, c, cAt + skip, cStride, adds);
        }
    }
}
