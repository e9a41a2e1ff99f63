package dev.backdraft.linalg;

import java.util.ArrayList;
import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * The product in vectors: blocks of the factors that fit the caches, and tiles of C in registers. Goto and van de Geijn
 * 2008, "Anatomy of high-performance matrix multiplication"; Van Zee and van de Geijn 2015, "BLIS: a framework for
 * rapidly instantiating BLAS functionality", whose loops these are. Unlike there, a factor whose layout suits the tiles
 * is packed only where that pays. Thread-safe: each thread has its own buffers.
 */
final class VectorChains implements Chains {
    private static final int LANES = FloatVector.SPECIES_PREFERRED.length();
    private static final int DEPTH = 400; // of a block: a panel of B stays in the first cache
    private static final int HEIGHT = 144; // of a block of A, which stays in the second cache
    private static final int WIDTH = 1024; // of a block of B
    private static final int FEW_COLUMNS = 32; // of C: A is read too few times for packing to pay
    private static final int FEW_TILES = 2; // in a column of C: B' is read too few times
    private static final int MANY_ROWS =
            384; // of C: a B with its rows side by side is read often enough to transpose it

    private final VectorTileSet packed;
    private final VectorTileSet rows; // of a B that is read in place
    private final VectorTileSet columns;
    private final int tileRows;
    private final int tileColumns;
    private final ThreadLocal<VectorBlock> blocks;

    VectorChains(boolean manyRegisters) {
        packed = VectorTileSet.rows(manyRegisters, true);
        rows = VectorTileSet.rows(manyRegisters, false);
        columns = VectorTileSet.columns(manyRegisters);
        tileRows = packed.large().vectors() * LANES;
        tileColumns = packed.large().columns();
        blocks = ThreadLocal.withInitial(
                () -> new VectorBlock(tileRows, tileColumns, roundUp(HEIGHT, tileRows) * DEPTH));
    }

    /** With the tiles for the registers of this machine, as soon as they are compiled. */
    static Chains ofThisMachine() {
        VectorChains chains = new VectorChains(JvmOptions.manyRegisters(LANES * Float.SIZE));
        List<WarmingChains.Shape> shapes = new ArrayList<>();
        for (int columns : new int[] {chains.tileColumns, 4, 1}) { // of the tiles
            for (int vectors : new int[] {8, 3, 2, 1}) {
                shapes.add(new WarmingChains.Shape(vectors * LANES, columns));
            }
            shapes.add(new WarmingChains.Shape(chains.tileRows + 1, columns));
        }
        shapes.add(new WarmingChains.Shape(4 * chains.tileRows, 4 * chains.tileColumns));
        return new WarmingChains(chains, new ScalarChains("vectors are being compiled"), shapes);
    }

    @Override
    public boolean isFast() {
        return true;
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
        boolean packA = opA == Transpose.YES || n > FEW_COLUMNS && m >= tileRows || !vectorsLieWithin(a);
        boolean packB = m > (opB == Transpose.YES ? FEW_TILES * tileRows : MANY_ROWS);
        VectorBlock block = blocks.get();
        for (int j = 0; j < n; j += width) {
            int blockColumns = Math.min(width, n - j);
            for (int p = 0; p < k; p += depth) {
                int terms = Math.min(depth, k - p);
                if (packB) {
                    block.packB(packed, b, opB, p, terms, j, blockColumns);
                } else {
                    block.readB(opB == Transpose.NO ? columns : rows, b, opB, p, j);
                }
                for (int i = 0; i < m; i += height) {
                    int blockRows = Math.min(height, m - i);
                    if (packA) {
                        block.packA(a, opA, i, blockRows, p, terms);
                    } else {
                        block.readA(a, i, p);
                    }
                    block.multiply(blockRows, blockColumns, terms, c, i, j, adds || p > 0);
                }
            }
        }
        block.release();
    }

    /**
     * A size of blocks, at most {@code largest}, a multiple of {@code step}, so that the last block is not much
     * smaller.
     */
    private static int share(int size, int largest, int step) {
        int blocks = (size + largest - 1) / largest;
        return roundUp((size + blocks - 1) / blocks, step);
    }

    private static int roundUp(int size, int step) {
        return (size + step - 1) / step * step;
    }

    /** Whether the last vector of each column of A, which may reach beyond the column, lies in the array. */
    private static boolean vectorsLieWithin(Matrix a) {
        return a.offset() + (long) (a.columns() - 1) * a.rows() + roundUp(a.rows(), LANES) <= a.values().length;
    }
}
