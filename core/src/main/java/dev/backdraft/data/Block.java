package dev.backdraft.data;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SparseMatrix;
import java.io.Serializable;
import java.util.List;

/**
 * A run of rows in canonical order, ready for a network: features scaled, labels resolved and scaled. The unit that is stored
 * and moved. Dense, or sparse when all its rows are and nothing is standardized; a leaf is the same bits from both.
 *
 * <p>Immutable once made. A class, not a record: Spark's Kryo cannot serialize records.
 */
public final class Block implements Serializable {
    private static final long serialVersionUID = 1;

    private final int id;
    private final int rows;
    private final int featureCount;
    private final float[] values; // dense: row by row; sparse: of all rows
    private final int[] indices; // sparse: feature of each value; dense: null
    private final int[] rowStarts; // sparse: where a row's values start, and behind the last; dense: null
    private final int labelSize;
    private final float[] labels; // row by row
    private final float[] weights; // null: all are 1

    private Block(
            int id,
            int rows,
            int featureCount,
            float[] values,
            int[] indices,
            int[] rowStarts,
            int labelSize,
            float[] labels,
            float[] weights) {
        this.id = id;
        this.rows = rows;
        this.featureCount = featureCount;
        this.values = values;
        this.indices = indices;
        this.rowStarts = rowStarts;
        this.labelSize = labelSize;
        this.labels = labels;
        this.weights = weights;
    }

    /**
     * Packs rows in the order of the list.
     *
     * @param id the block's number in the {@link BatchLayout}
     * @param rows with {@linkplain Preprocessing#resolve resolved} labels, all the same number of them; read
     */
    public static Block of(int id, List<Example> rows, int featureCount, Preprocessing preprocessing) {
        int count = rows.size();
        int labelSize = count == 0 ? 1 : rows.get(0).labelCount();
        float[] labels = new float[Math.multiplyExact(count, labelSize)];
        float[] weights = new float[count];
        boolean weighted = false;
        boolean sparse = preprocessing.features() == null;
        int stored = 0;
        for (int n = 0; n < count; n++) {
            Example row = rows.get(n);
            row.copyLabelsTo(labels, n * labelSize, labelSize);
            preprocessing.scaleLabels(labels, n * labelSize, labelSize);
            weights[n] = row.weight();
            weighted |= row.weight() != 1;
            sparse &= row.isSparse();
            stored += row.values().length;
        }
        float[] keptWeights = weighted ? weights : null;
        if (!sparse) {
            float[] values = new float[Math.multiplyExact(count, featureCount)];
            for (int n = 0; n < count; n++) {
                rows.get(n).copyTo(values, n * featureCount, featureCount);
                if (preprocessing.features() != null) {
                    preprocessing.features().apply(values, n * featureCount);
                }
            }
            return new Block(id, count, featureCount, values, null, null, labelSize, labels, keptWeights);
        }
        float[] values = new float[stored];
        int[] indices = new int[stored];
        int[] rowStarts = new int[count + 1];
        for (int n = 0; n < count; n++) {
            Example row = rows.get(n);
            int length = row.values().length;
            System.arraycopy(row.values(), 0, values, rowStarts[n], length);
            System.arraycopy(row.indices(), 0, indices, rowStarts[n], length);
            rowStarts[n + 1] = rowStarts[n] + length;
        }
        return new Block(id, count, featureCount, values, indices, rowStarts, labelSize, labels, keptWeights);
    }

    /** The block's number in the {@link BatchLayout}. */
    public int id() {
        return id;
    }

    public int rows() {
        return rows;
    }

    /** Labels of a row. */
    int labelSize() {
        return labelSize;
    }

    /** Whether rows carry weights; else each weighs 1. */
    boolean isWeighted() {
        return weights != null;
    }

    /** Whether the values are sparse. */
    boolean isSparse() {
        return indices != null;
    }

    /** Overwrites column j of x [features × n] with the features of a row; not of a sparse block. */
    void copyFeatures(int row, int j, Matrix x) {
        System.arraycopy(values, row * featureCount, x.values(), x.offset() + j * featureCount, featureCount);
    }

    /** Appends the features of a row of a sparse block as a column. */
    void addFeatures(int row, SparseMatrix x) {
        x.addColumn(indices, values, rowStarts[row], rowStarts[row + 1]);
    }

    /** Overwrites column j of target [labelSize × n] and entry j of weights with those of a row. */
    void copyLabels(int row, int j, Matrix target, float[] leafWeights) {
        System.arraycopy(labels, row * labelSize, target.values(), target.offset() + j * labelSize, labelSize);
        if (weights != null) {
            leafWeights[j] = weights[row];
        }
    }
}
