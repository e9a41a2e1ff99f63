package dev.backdraft.spark.ml;

import dev.backdraft.data.Example;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.spark.data.DataFrameRows;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;

/** Rows of a partition with what a model says of them, scored block by block, in their order. For one task. */
final class ScoredRows implements Iterator<Row> {
    private final Iterator<Row> rows;
    private final DataFrameRows columns;
    private final Model model;
    private final int blockSize;
    private final RowScores scores;
    private final boolean refuse; // rows that are not complete
    private final boolean keep;
    private final List<Object[]> block = new ArrayList<>(); // values of rows, with room for the scores
    private final List<Integer> places = new ArrayList<>(); // of each row in the batch; −1: cannot be scored
    private final List<Example> batch = new ArrayList<>();
    private Predictor predictor; // made with the first row: many partitions may have none
    private int next;
    private long number;

    /**
     * @param blockSize at most so many rows at once, fewer where they are wide
     * @param handleInvalid as the parameter has it
     */
    ScoredRows(
            Iterator<Row> rows,
            DataFrameRows columns,
            Model model,
            int blockSize,
            RowScores scores,
            String handleInvalid) {
        this.rows = rows;
        this.columns = columns;
        this.model = model;
        this.blockSize = model.blockRows(blockSize);
        this.scores = scores;
        refuse = handleInvalid.equals("error");
        keep = handleInvalid.equals("keep");
    }

    @Override
    public boolean hasNext() {
        if (next == block.size()) {
            readBlock();
        }
        return next < block.size();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return RowFactory.create(block.get(next++));
    }

    private void readBlock() {
        block.clear();
        places.clear();
        batch.clear();
        next = 0;
        while (block.size() < blockSize && rows.hasNext()) {
            Row row = rows.next();
            number++;
            boolean scored = refuse || columns.isComplete(row);
            if (scored || keep) {
                block.add(withRoom(row));
                places.add(scored ? batch.size() : -1);
            }
            if (scored) {
                batch.add(columns.features(row, this::where));
            }
        }
        if (!block.isEmpty()) {
            score();
        }
    }

    private Object[] withRoom(Row row) {
        Object[] values = new Object[row.length() + scores.count()];
        for (int i = 0; i < row.length(); i++) {
            values[i] = row.get(i);
        }
        return values;
    }

    private void score() {
        if (predictor == null) {
            predictor = model.predictor(blockSize);
        }
        predictor.load(batch);
        Matrix predictions = predictor.predict();
        for (int i = 0; i < block.size(); i++) {
            Object[] values = block.get(i);
            int from = values.length - scores.count();
            if (places.get(i) < 0) {
                scores.putInvalid(values, from);
            } else {
                scores.put(predictor, predictions, places.get(i), values, from);
            }
        }
    }

    private String where() {
        TaskContext context = TaskContext.get();
        return context == null ? "row " + number : "partition " + context.partitionId() + " row " + number;
    }
}
