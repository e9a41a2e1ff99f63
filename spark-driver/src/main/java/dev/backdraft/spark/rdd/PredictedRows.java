package dev.backdraft.spark.rdd;

import dev.backdraft.data.Example;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.mllib.linalg.Vector;

/** What a model says of the vectors of a partition, in their order, computed in batches. For one task. */
final class PredictedRows<T> implements Iterator<T> {
    private static final int MOST_ROWS = 256; // at once

    private final Iterator<Vector> rows;
    private final Output<T> output;
    private final Model model;
    private final int blockRows;
    private final int width;
    private final List<Example> batch = new ArrayList<>();
    private Predictor predictor; // made with the first row: many partitions may have none
    private int next;
    private long number;

    PredictedRows(Iterator<Vector> rows, Model model, Output<T> output) {
        this.rows = rows;
        this.output = output;
        this.model = model;
        blockRows = model.blockRows(MOST_ROWS);
        width = model.network().inputSize();
    }

    @Override
    public boolean hasNext() {
        return next < batch.size() || rows.hasNext();
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        if (next == batch.size()) {
            predictBatch();
        }
        return output.of(predictor, next++);
    }

    private void predictBatch() {
        batch.clear();
        next = 0;
        while (batch.size() < blockRows && rows.hasNext()) {
            number++;
            batch.add(VectorRows.of(rows.next(), width, () -> VectorRows.name(number)));
        }
        if (predictor == null) {
            predictor = model.predictor(blockRows);
        }
        predictor.load(batch);
        predictor.predictValues();
    }
}
