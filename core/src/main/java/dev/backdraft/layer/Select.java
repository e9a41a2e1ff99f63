package dev.backdraft.layer;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import java.util.Arrays;
import java.util.List;

/**
 * Some of the entries, in the order in which they are listed: for layers that are meant for some columns of a table
 * only.
 *
 * @param columns of the input, counted from 0, each at most once
 */
public record Select(int inputSize, List<Integer> columns) implements Layer {
    public Select {
        LayerSize.positive(inputSize);
        if (columns.isEmpty()) {
            throw new IllegalArgumentException("a selection needs at least one column");
        }
        boolean[] taken = new boolean[inputSize];
        for (Integer column : columns) {
            if (column == null || column < 0 || column >= inputSize || taken[column]) {
                throw new IllegalArgumentException("a selection has column " + column
                        + ": columns are numbers from 0 to " + (inputSize - 1) + ", each at most once");
            }
            taken[column] = true;
        }
        columns = List.copyOf(columns);
    }

    /** Of the only entry. */
    public Select() {
        this(1, List.of(0));
    }

    @Override
    public String name() {
        return "select";
    }

    @Override
    public int outputSize() {
        return columns.size();
    }

    @Override
    public int copyOf(int output) {
        return columns.get(output);
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        for (int i = 0; i < y.rows(); i++) {
            int from = x.offset() + columns.get(i);
            int to = y.offset() + i;
            for (int n = 0; n < x.columns(); n++) {
                y.values()[to + n * y.rows()] = x.values()[from + n * inputSize];
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        Arrays.fill(dx.values(), dx.offset(), dx.offset() + dx.size(), 0);
        for (int i = 0; i < dy.rows(); i++) {
            int to = dx.offset() + columns.get(i);
            int from = dy.offset() + i;
            for (int n = 0; n < dy.columns(); n++) {
                dx.values()[to + n * inputSize] = dy.values()[from + n * dy.rows()];
            }
        }
    }
}
