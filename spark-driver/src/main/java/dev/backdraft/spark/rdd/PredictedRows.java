package dev.backdraft.spark.rdd;

import dev.backdraft.model.Model;
import dev.backdraft.model.ScoredBatches;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.apache.spark.mllib.linalg.Vector;

/** What a model says of the vectors of a partition, in their order, computed in batches. For one task. */
final class PredictedRows<T> implements Iterator<T> {
    private static final int MOST_ROWS = 256; // at once

    private final Iterator<Vector> rows;
    private final Output<T> output;
    private final ScoredBatches batches;
    private int next;

    PredictedRows(Iterator<Vector> rows, Model model, Output<T> output) {
        this.rows = rows;
        this.output = output;
        int width = model.network().inputSize();
        batches = new ScoredBatches(model, MOST_ROWS, new VectorReader(rows, width));
    }

    @Override
    public boolean hasNext() {
        return next < batches.rows().size() || rows.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (next == batches.rows().size()) {
            predictBatch();
        }
        return output.of(batches.predictor(), next++);
    }

    private void predictBatch() {
        next = 0;
        try {
            batches.next();
        } catch (IOException e) {
            throw new UncheckedIOException(e); // of memory
        }
        batches.predictor().predictValues();
    }
}
