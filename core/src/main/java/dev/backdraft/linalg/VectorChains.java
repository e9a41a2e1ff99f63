package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;

/**
 * The product in vectors: blocks of both factors are packed so that a kernel reads them in order, and the tiles of C are computed in
 * registers. Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication"; Van Zee and van de Geijn 2015, "BLIS:
 * a framework for rapidly instantiating BLAS functionality", whose five loops these are. Thread-safe: each thread has its own buffers.
 */
final class VectorChains implements Chains {
    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();
    private static final int DEPTH = 400; // of a block: a panel of B stays in the first cache
    private static final int HEIGHT = 144; // of a block of A, which stays in the second cache
    private static final int WIDTH = 1024; // of a block of B

    private final VectorTiles tiles;
    private final int tileRows;
    private final int tileColumns;
    private final ThreadLocal<Buffers> buffers = ThreadLocal.withInitial(Buffers::new);

    /** Of one thread; they grow to the largest block. */
    private static final class Buffers {
        private float[] a = {};
        private float[] b = {};
        private float[] edge = {};

        void reserve(int aLength, int bLength, int edgeLength) {
            a = a.length < aLength ? new float[aLength] : a;
            b = b.length < bLength ? new float[bLength] : b;
            edge = edge.length < edgeLength ? new float[edgeLength] : edge;
        }
    }

    VectorChains(VectorTiles tiles) {
        this.tiles = tiles;
        tileRows = tiles.vectors() * LANES;
        tileColumns = tiles.columns();
    }

    /** With the tiles for the registers of this machine. */
    static Chains ofThisMachine() {
        return new VectorChains(
                JvmOptions.manyRegisters(LANES * Float.SIZE) ? new VectorWideTiles() : new VectorNarrowTiles());
    }

    @Override
    public String description() {
        return "Vector API, " + LANES * Float.SIZE + " bits, tiles of " + tileRows + " x " + tileColumns;
    }

    @Override
    public void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        int m = c.rows();
        int n = c.columns();
        int k = opA.columns(a);
        int depth = share(k, DEPTH, 1);
        int height = share(m, HEIGHT, tileRows);
        int width = share(n, WIDTH, tileColumns);
        Buffers own = buffers.get();
        own.reserve(height * depth, width * depth, tileRows * tileColumns);
        for (int j = 0; j < n; j += width) {
            int columns = Math.min(width, n - j);
            for (int p = 0; p < k; p += depth) {
                int terms = Math.min(depth, k - p);
                packB(b, opB, p, terms, j, columns, own.b);
                for (int i = 0; i < m; i += height) {
                    int rows = Math.min(height, m - i);
                    packA(a, opA, i, rows, p, terms, own.a);
                    block(rows, columns, terms, own, c.values(), c.offset() + i + j * m, m, adds || p > 0);
                }
            }
        }
    }

    /** A size of blocks, at most {@code largest}, a multiple of {@code step}, so that the last block is not much smaller. */
    private static int share(int size, int largest, int step) {
        int blocks = (size + largest - 1) / largest;
        return roundUp((size + blocks - 1) / blocks, step);
    }

    private static int roundUp(int size, int step) {
        return (size + step - 1) / step * step;
    }

    private void packA(Matrix a, Transpose op, int row, int rows, int p, int terms, float[] to) {
        int stride = a.rows();
        for (int i = 0; i < rows; i += tileRows) {
            int count = Math.min(tileRows, rows - i);
            if (op == Transpose.NO) {
                int at = a.offset() + row + i + p * stride;
                Packing.copy(terms, count, tileRows, a.values(), at, stride, to, i * terms);
            } else {
                int at = a.offset() + p + (row + i) * stride;
                Packing.interleave(terms, count, tileRows, a.values(), at, stride, to, i * terms);
            }
        }
    }

    private void packB(Matrix b, Transpose op, int p, int terms, int column, int columns, float[] to) {
        int stride = b.rows();
        for (int j = 0; j < columns; j += tileColumns) {
            int count = Math.min(tileColumns, columns - j);
            if (op == Transpose.NO) {
                int at = b.offset() + p + (column + j) * stride;
                Packing.interleave(terms, count, padded(count), b.values(), at, stride, to, j * terms);
            } else {
                int at = b.offset() + column + j + p * stride;
                Packing.copy(terms, count, padded(count), b.values(), at, stride, to, j * terms);
            }
        }
    }

    /** The columns of the tile that computes so many columns. */
    private int padded(int columns) {
        return columns == 1 ? 1 : columns <= 4 ? 4 : tileColumns;
    }

    /** A block of C from a packed block of A and a packed block of B. */
    private void block(int rows, int columns, int terms, Buffers own, float[] c, int cAt, int cStride, boolean adds) {
        for (int j = 0; j < columns; j += tileColumns) {
            int count = Math.min(tileColumns, columns - j);
            int padded = padded(count);
            for (int i = 0; i < rows; i += tileRows) {
                int height = Math.min(tileRows, rows - i);
                int whole = count == padded ? height / LANES : 0;
                int at = cAt + i + j * cStride;
                tile(whole, padded, terms, own.a, i * terms, own.b, j * terms, c, at, cStride, adds);
                if (whole * LANES < height) {
                    edge(
                            height - whole * LANES,
                            count,
                            padded,
                            terms,
                            own,
                            i * terms + whole * LANES,
                            j * terms,
                            c,
                            at + whole * LANES,
                            cStride,
                            adds);
                }
            }
        }
    }

    /** A tile that C has no room for: computed elsewhere, and copied as far as there is. */
    private void edge(
            int rows,
            int columns,
            int padded,
            int terms,
            Buffers own,
            int aAt,
            int bAt,
            float[] c,
            int cAt,
            int cStride,
            boolean adds) {
        for (int j = 0; adds && j < columns; j++) {
            System.arraycopy(c, cAt + j * cStride, own.edge, j * tileRows, rows);
        }
        int vectors = (rows + LANES - 1) / LANES;
        tile(vectors, padded, terms, own.a, aAt, own.b, bAt, own.edge, 0, tileRows, adds);
        for (int j = 0; j < columns; j++) {
            System.arraycopy(own.edge, j * tileRows, c, cAt + j * cStride, rows);
        }
    }

    private void tile(
            int vectors,
            int columns,
            int terms,
            float[] a,
            int aAt,
            float[] b,
            int bAt,
            float[] c,
            int cAt,
            int cStride,
            boolean adds) {
        if (vectors == tiles.vectors() && columns == tileColumns) {
            tiles.full(terms, a, aAt, tileRows, b, bAt, c, cAt, cStride, adds);
            return;
        }
        int v = 0;
        while (v < vectors) {
            int skip = v * LANES;
            if (columns == tileColumns) {
                tiles.oneVector(terms, a, aAt + skip, tileRows, b, bAt, c, cAt + skip, cStride, adds);
                v++;
            } else if (v + 2 <= vectors) {
                if (columns == 4) {
                    VectorEdgeTiles.tile2x4(terms, a, aAt + skip, tileRows, b, bAt, c, cAt + skip, cStride, adds);
                } else {
                    VectorEdgeTiles.tile2x1(terms, a, aAt + skip, tileRows, b, bAt, c, cAt + skip, cStride, adds);
                }
                v += 2;
            } else {
                if (columns == 4) {
                    VectorEdgeTiles.tile1x4(terms, a, aAt + skip, tileRows, b, bAt, c, cAt + skip, cStride, adds);
                } else {
                    VectorEdgeTiles.tile1x1(terms, a, aAt + skip, tileRows, b, bAt, c, cAt + skip, cStride, adds);
                }
                v++;
            }
        }
    }
}
