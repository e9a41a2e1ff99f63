package dev.backdraft.linalg;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain loops until vectors are fast: before they are compiled, which takes seconds, operations on vectors are thousands of times slower.
 * A thread in the background calls them until then. Products have the same bits before and after. Thread-safe.
 */
final class WarmingChains implements Chains {
    private static final Logger LOG = LoggerFactory.getLogger(WarmingChains.class);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int TERMS = 64;
    private static final double FAST_NANOS =
            1; // for a multiplication and an addition: much less if compiled, 100 times as much if not

    private final Chains vectors;
    private volatile Chains chosen;

    /**
     * Starts with plain loops.
     *
     * @param rows of a product that needs every kind of tile
     * @param columns as rows
     */
    WarmingChains(Chains vectors, Chains loops, int rows, int columns) {
        this.vectors = vectors;
        chosen = loops;
        Thread thread = new Thread(() -> warm(rows, columns), "backdraft-vectors");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        chosen.multiply(a, opA, b, opB, adds, c);
    }

    @Override
    public String description() {
        return vectors.description();
    }

    private void warm(int rows, int columns) {
        long start = System.nanoTime();
        for (Transpose op : Transpose.values()) { // op(B) decides on the tiles
            for (int n : new int[] {columns, 1}) {
                while (!isFast(op, rows, n)) {
                    if (System.nanoTime() - start > PATIENCE_NANOS) {
                        LOG.info("products stay with plain loops: vectors are slow in this JVM");
                        return;
                    }
                }
            }
        }
        LOG.debug("products by vectors after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        chosen = vectors;
    }

    private boolean isFast(Transpose op, int rows, int columns) {
        Matrix a = Matrix.zeros(rows, TERMS);
        Matrix b = op == Transpose.NO ? Matrix.zeros(TERMS, columns) : Matrix.zeros(columns, TERMS);
        Matrix c = Matrix.zeros(rows, columns);
        double limit = FAST_NANOS * rows * columns * TERMS;
        for (int i = 0; i < 3; i++) { // none of them by luck
            long start = System.nanoTime();
            vectors.multiply(a, Transpose.NO, b, op, i > 0, c);
            if (System.nanoTime() - start > limit) {
                return false;
            }
        }
        return true;
    }
}
