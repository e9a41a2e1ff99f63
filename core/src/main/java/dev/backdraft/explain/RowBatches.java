package dev.backdraft.explain;

import dev.backdraft.data.Example;
import dev.backdraft.data.LabelBatch;
import dev.backdraft.model.Model;
import java.util.List;

/** Rows batch by batch: features as they are, in an array that is used again, and labels. For one thread. */
final class RowBatches {
    static final int MOST_ROWS = 256;

    private final List<Example> rows;
    private final Model model;
    private final int features;
    private int from;
    private float[] x = new float[0]; // row by row
    private LabelBatch labels;
    private int count;

    RowBatches(Model model, List<Example> rows) {
        this.model = model;
        this.rows = rows;
        features = model.network().inputSize();
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
        }
        List<Example> batch = rows.subList(from, from + count);
        for (int n = 0; n < count; n++) {
            batch.get(n).copyTo(x, n * features, features);
        }
        labels = LabelBatch.of(batch, model.preprocessing());
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

    /** Labels and weights of the rows. */
    LabelBatch labels() {
        return labels;
    }
}
