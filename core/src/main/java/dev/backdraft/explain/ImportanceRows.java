package dev.backdraft.explain;

import dev.backdraft.data.Blocks;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.RowCheck;
import dev.backdraft.label.LabelRules;
import dev.backdraft.model.Model;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The rows that importance is measured on: labels resolved, in the canonical order of a seed, of which the first n are
 * kept, a random sample. They and their order do not depend on the order in which rows come. Rows that the model was not trained
 * on tell what it has learnt rather than what it remembers. Immutable.
 */
public final class ImportanceRows {
    private final List<Example> rows;

    private ImportanceRows(List<Example> rows) {
        if (rows.isEmpty()) {
            throw new DataException("no rows to measure the importance of features on");
        }
        this.rows = rows;
    }

    /**
     * Chooses from rows in memory; those of weight 0 do not count.
     *
     * @param rows with labels, as the training data had them; read
     * @param mostRows to keep, at least 1
     * @throws DataException when there are none, or a label does not fit the model
     */
    public static ImportanceRows of(Model model, List<Example> rows, long seed, int mostRows) {
        List<Example> resolved = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            int number = i;
            add(model, rows.get(i), () -> "row " + number, resolved);
        }
        return chosen(resolved, seed, mostRows);
    }

    /** Chooses the rows from files. */
    public static ImportanceRows of(Model model, ExampleSource source, long seed, int mostRows) throws IOException {
        List<Example> resolved = new ArrayList<>();
        for (int part = 0; part < source.parts(); part++) {
            try (ExampleReader reader = source.open(part)) {
                for (Example row = reader.read(); row != null; row = reader.read()) {
                    add(model, row, reader::where, resolved);
                }
            }
        }
        return chosen(resolved, seed, mostRows);
    }

    /** Rows that somebody else has resolved, put into the canonical order and chosen, as a cluster does. */
    public static ImportanceRows ofOrdered(List<Example> rows) {
        return new ImportanceRows(List.copyOf(rows));
    }

    private static void add(Model model, Example row, Supplier<String> where, List<Example> resolved) {
        if (RowCheck.counts(row, where)) {
            resolved.add(resolve(model, row, where));
        }
    }

    /**
     * A row with its labels resolved.
     *
     * @param where names the row for a message
     * @throws DataException when they do not fit the model, nor the number of features, or one is not finite
     */
    public static Example resolve(Model model, Example row, Supplier<String> where) {
        int width = model.network().inputSize();
        if (row.cells() != null) {
            return LabelRules.resolve(
                    row, model.preprocessing(), model.loss(), model.network().outputSize(), where);
        }
        if (row.isSparse() ? row.width() > width : row.width() != width) {
            throw new DataException("%s has %d features but the model takes %d", where.get(), row.width(), width);
        }
        RowCheck.check(row, where);
        return LabelRules.resolve(
                row, model.preprocessing(), model.loss(), model.network().outputSize(), where);
    }

    private static ImportanceRows chosen(List<Example> resolved, long seed, int mostRows) {
        if (mostRows < 1) {
            throw new IllegalArgumentException("importance is measured on at least one row, not " + mostRows);
        }
        List<Example> ordered = Blocks.inCanonicalOrder(resolved, seed);
        return new ImportanceRows(List.copyOf(ordered.subList(0, Math.min(mostRows, ordered.size()))));
    }

    /** The rows in their order; unmodifiable. */
    public List<Example> rows() {
        return rows;
    }
}
