package dev.backdraft.data;

import dev.backdraft.linalg.Columns;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SparseMatrix;

/**
 * The rows of one leaf gathered into matrices, one row a column. Scratch, for one thread: the matrices stay until the next
 * load.
 */
public final class Leaf {
    private final int featureCount;
    private final int maxRows;
    private Matrix allDense; // made when the first dense block comes
    private SparseMatrix sparse; // made when the first sparse block comes
    private Matrix allTargets; // as many rows as the blocks have labels
    private final float[] allWeights;
    private final long[] rowStreams; // null when nobody wants them
    private Columns x;
    private Matrix target;
    private boolean weighted;

    /**
     * Scratch for leaves of up to {@code maxRows} rows.
     *
     * @param addressed whether {@link #rowStreams} are wanted
     */
    public Leaf(int featureCount, int maxRows, boolean addressed) {
        this.featureCount = featureCount;
        this.maxRows = maxRows;
        allWeights = new float[maxRows];
        rowStreams = addressed ? new long[maxRows] : null;
    }

    /** Gathers the rows that {@code order} has found from their block. */
    public void load(LeafOrder order, Block block) {
        start(order.count(), block);
        for (int j = 0; j < order.count(); j++) {
            int row = order.isWholeBlock() ? j : order.row(j);
            copy(block, row, j);
            if (rowStreams != null) {
                rowStreams[j] = order.stream(row);
            }
        }
    }

    /** Gathers a whole block. */
    public void load(Block block) {
        start(block.rows(), block);
        for (int j = 0; j < block.rows(); j++) {
            copy(block, j, j);
        }
    }

    private void copy(Block block, int row, int j) {
        if (x instanceof Matrix dense) {
            block.copyFeatures(row, j, dense);
        } else {
            block.addFeatures(row, sparse);
        }
        block.copyLabels(row, j, target, allWeights);
    }

    private void start(int rows, Block block) {
        weighted = block.isWeighted();
        if (allTargets == null || allTargets.rows() != block.labelSize()) {
            allTargets = Matrix.zeros(block.labelSize(), maxRows);
            target = null;
        }
        if (target == null || target.columns() != rows) {
            target = allTargets.firstColumns(rows);
        }
        if (block.isSparse()) {
            sparse = sparse == null ? new SparseMatrix(featureCount) : sparse;
            sparse.clear();
            x = sparse;
        } else {
            allDense = allDense == null ? Matrix.zeros(featureCount, maxRows) : allDense;
            x = x instanceof Matrix dense && dense.columns() == rows ? x : allDense.firstColumns(rows);
        }
    }

    /** Features [features × n], sparse when those of the block are; a view that the next load overwrites. */
    public Columns x() {
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
