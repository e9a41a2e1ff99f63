package dev.backdraft.explain;

import dev.backdraft.data.Example;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import java.util.List;

/** Rows batch by batch in arrays that are used again: features as they are, labels, targets, weights. For one thread. */
final class RowBatches {
    static final int MOST_ROWS = 256;

    private final List<Example> rows;
    private final Model model;
    private final int features;
    private final int labels;
    private int from;
    private float[] x = new float[0]; // row by row
    private Matrix label;
    private Matrix target;
    private final float[] weights = new float[MOST_ROWS];
    private int count;

    RowBatches(Model model, List<Example> rows) {
        this.model = model;
        this.rows = rows;
        features = model.network().inputSize();
        labels = rows.get(0).labelCount();
    }

    /** Takes the rows from this one on; whether there are any. */
    boolean load(int start) {
        from = start;
        int left = Math.min(MOST_ROWS, rows.size() - start);
        if (left <= 0) {
            return false;
        }
        if (left != count) {
            count = left;
            x = new float[Math.multiplyExact(count, features)];
            label = Matrix.zeros(labels, count);
            target = Matrix.zeros(labels, count);
        }
        for (int n = 0; n < count; n++) {
            Example row = rows.get(from + n);
            row.copyTo(x, n * features, features);
            row.copyLabelsTo(label.values(), n * labels, labels);
            row.copyLabelsTo(target.values(), n * labels, labels);
            model.preprocessing().scaleLabels(target.values(), n * labels);
            weights[n] = row.weight();
        }
        return true;
    }

    /** Rows of the batch. */
    int count() {
        return count;
    }

    /** Features [rows × features], row by row, not scaled; may be changed until the next load. */
    float[] x() {
        return x;
    }

    /** Labels as they are [labels × n]. */
    Matrix label() {
        return label;
    }

    /** Labels as the loss takes them [labels × n]. */
    Matrix target() {
        return target;
    }

    /** Weights of the rows. */
    float[] weights() {
        return weights;
    }
}
