package dev.backdraft.model;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rows of a reader, scored batch by batch in their order: what evaluating and predicting have in common, on one machine and
 * in the tasks of a cluster. For one thread.
 *
 * <pre>{@code
 * ScoredBatches batches = new ScoredBatches(model, 1024, reader);
 * while (batches.next()) {
 *     Matrix prediction = batches.predictor().predict();
 *     … // column n is of row n of batches.rows()
 * }
 * }</pre>
 */
public final class ScoredBatches {
    private final Model model;
    private final ExampleReader reader;
    private final Resolution resolution; // null: rows as they are read
    private final int batchRows;
    private final List<Example> rows;
    private final List<List<String>> kept;
    private Predictor predictor; // made with the first row: many parts of a cluster's data have none

    /** Makes of a row as it is read the one that is loaded, which is centered. */
    @FunctionalInterface
    public interface Resolution {
        /** The row to load; {@code where} names it for a message. */
        Example of(Example row, Supplier<String> where);
    }

    /** Scores rows as they are read; their labels are not looked at. */
    public ScoredBatches(Model model, int mostRows, ExampleReader reader) {
        this(model, mostRows, reader, null);
    }

    /**
     * Scores rows whose labels are resolved.
     *
     * @param mostRows of a batch; fewer when the model is large
     */
    public ScoredBatches(Model model, int mostRows, ExampleReader reader, Resolution resolution) {
        this.model = model;
        this.reader = reader;
        this.resolution = resolution;
        batchRows = model.blockRows(mostRows);
        rows = new ArrayList<>(batchRows);
        kept = new ArrayList<>(batchRows);
    }

    /**
     * Reads and loads the next batch; whether there is one.
     *
     * @throws dev.backdraft.data.DataException when a row does not fit the model
     */
    public boolean next() throws IOException {
        rows.clear();
        kept.clear();
        while (rows.size() < batchRows) {
            Example read = reader.read();
            if (read == null) {
                break;
            }
            Example row = model.encoded(read, reader::where);
            rows.add(resolution == null ? row : resolution.of(row, reader::where));
            kept.add(reader.kept());
        }
        if (rows.isEmpty()) {
            return false;
        }
        if (predictor == null) {
            predictor = model.predictor(batchRows);
        }
        if (resolution == null) {
            predictor.load(rows);
        } else {
            predictor.loadResolved(rows);
        }
        return true;
    }

    /** What is predicted of the batch. */
    public Predictor predictor() {
        return predictor;
    }

    /** The rows of the batch; overwritten by the next one. */
    public List<Example> rows() {
        return rows;
    }

    /** The texts of the columns that are kept beside a row of the batch. */
    public List<String> kept(int row) {
        return kept.get(row);
    }
}
