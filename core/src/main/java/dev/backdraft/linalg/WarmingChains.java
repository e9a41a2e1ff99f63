package dev.backdraft.linalg;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Plain loops until vectors are fast: before they are compiled, which takes seconds, operations on vectors are
 * thousands of times slower. A thread in the background calls them until then. Products have the same bits before and
 * after. Thread-safe.
 */
final class WarmingChains implements Chains {
    private static final Logger LOG = LoggerFactory.getLogger(WarmingChains.class);
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);
    private static final int TERMS = 64;
    private static final double FAST_NANOS =
            1; // for a multiplication and an addition: much less if compiled, 100 times as much if not

    private static final double CALL_NANOS = 2_000; // for what does not depend on the size

    private final Chains vectors;
    private volatile Chains chosen;
    private volatile boolean gaveUp;

    /** The size of a product. */
    record Shape(int rows, int columns) {}

    /**
     * Starts with plain loops.
     *
     * @param shapes of products each of which must have become fast. Together they need every kind of tile, and each is
     *     so small that a slow kind is noticed
     */
    WarmingChains(Chains vectors, Chains loops, List<Shape> shapes) {
        this.vectors = vectors;
        chosen = loops;
        Thread thread = new Thread(() -> warm(shapes), "backdraft-vectors");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        chosen.multiply(a, opA, b, opB, adds, c);
    }

    @Override
    public boolean isFast() {
        return !gaveUp;
    }

    @Override
    public String description() {
        return gaveUp ? "plain Java (vectors are slow in this JVM)" : vectors.description();
    }

    private void warm(List<Shape> shapes) {
        long start = System.nanoTime();
        for (Shape shape : shapes) {
            for (Transpose opA : Transpose.values()) { // the layouts decide on the tiles, too
                for (Transpose opB : Transpose.values()) {
                    if (!warm(opA, opB, shape, start)) {
                        gaveUp = true;
                        LOG.warn("matrix products stay with plain loops: vectors are slow in this JVM");
                        return;
                    }
                }
            }
        }
        LOG.debug("products by vectors after {} ms", TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start));
        chosen = vectors;
    }

    /** Whether such products have become fast. */
    private boolean warm(Transpose opA, Transpose opB, Shape shape, long start) {
        while (!isFast(opA, opB, shape.rows(), shape.columns())) {
            if (System.nanoTime() - start > PATIENCE_NANOS) {
                return false;
            }
        }
        return true;
    }

    private boolean isFast(Transpose opA, Transpose opB, int rows, int columns) {
        float[] values = new float[(rows + 1) * TERMS]; // more than A, so that it can be read in place
        Matrix a = opA == Transpose.NO ? new Matrix(values, 0, rows, TERMS) : new Matrix(values, 0, TERMS, rows);
        Matrix b = opB == Transpose.NO ? Matrix.zeros(TERMS, columns) : Matrix.zeros(columns, TERMS);
        Matrix c = Matrix.zeros(rows, columns);
        double limit = CALL_NANOS + FAST_NANOS * rows * columns * TERMS;
        for (int i = 0; i < 3; i++) { // none of them by luck
            long start = System.nanoTime();
            vectors.multiply(a, opA, b, opB, i > 0, c);
            if (System.nanoTime() - start > limit) {
                return false;
            }
        }
        return true;
    }
}
