package dev.backdraft.data;

import dev.backdraft.linalg.Matrix;

/**
 * The rows of one leaf gathered into matrices, one row a column. Scratch, for one thread: the matrices stay until the next
 * load.
 */
public final class Leaf {
    private final Matrix allX;
    private Matrix allTargets; // as many rows as the blocks have labels
    private final float[] allWeights;
    private final long[] rowStreams; // null when nobody wants them
    private Matrix x;
    private Matrix target;
    private boolean weighted;

    /**
     * Scratch for leaves of up to {@code maxRows} rows.
     *
     * @param addressed whether {@link #rowStreams} are wanted
     */
    public Leaf(int featureCount, int maxRows, boolean addressed) {
        allX = Matrix.zeros(featureCount, maxRows);
        allTargets = Matrix.zeros(1, maxRows);
        allWeights = new float[maxRows];
        rowStreams = addressed ? new long[maxRows] : null;
        resize(maxRows, 1);
    }

    /** Gathers the rows that {@code order} has found from their block. */
    public void load(LeafOrder order, Block block) {
        resize(order.count(), block.labelSize());
        weighted = block.isWeighted();
        for (int j = 0; j < order.count(); j++) {
            int row = order.isWholeBlock() ? j : order.row(j);
            block.copyRow(row, j, x, target, allWeights);
            if (rowStreams != null) {
                rowStreams[j] = order.stream(row);
            }
        }
    }

    /** Gathers a whole block. */
    public void load(Block block) {
        resize(block.rows(), block.labelSize());
        weighted = block.isWeighted();
        for (int j = 0; j < block.rows(); j++) {
            block.copyRow(j, j, x, target, allWeights);
        }
    }

    private void resize(int rows, int labelSize) {
        if (allTargets.rows() != labelSize) {
            allTargets = Matrix.zeros(labelSize, allWeights.length);
            target = allTargets.firstColumns(rows);
        }
        if (x == null || x.columns() != rows) {
            x = allX.firstColumns(rows);
            target = allTargets.firstColumns(rows);
        }
    }

    /** Features [features × n]. */
    public Matrix x() {
        return x;
    }

    /** Labels [labels of a row × n]. */
    public Matrix target() {
        return target;
    }

    /**
     * For each of the n rows the address of its random numbers in this epoch; null when not wanted, and not of a leaf loaded
     * without an order.
     */
    public long[] rowStreams() {
        return rowStreams;
    }

    /** Weights of the n rows, or null when all are 1. */
    public float[] weights() {
        return weighted ? allWeights : null;
    }
}
