package dev.backdraft.spark.data;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import java.util.List;
import java.util.function.Supplier;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.sql.Row;

/** The features of a row of a DataFrame: numbers and booleans, a vector, or both. */
final class FrameFeatures {
    private FrameFeatures() {}

    /**
     * Reads the features of a row.
     *
     * @param columns places of the features' columns
     * @param vectors whether there are vectors in some of them
     * @param names of all columns
     * @param width features that there must be when there are vectors; -1 for any
     * @param where names the row for a message
     * @throws DataException when one is missing or not finite, or their number is wrong
     */
    static Example of(Row row, int[] columns, boolean vectors, List<String> names, int width, Supplier<String> where) {
        if (!vectors) {
            return numbers(row, columns, names, where);
        }
        if (columns.length == 1) {
            String name = names.get(columns[0]);
            return FrameValues.features(vector(row, columns[0], name, where), width, name, where);
        }
        return concatenated(row, columns, names, width, where);
    }

    private static Example numbers(Row row, int[] columns, List<String> names, Supplier<String> where) {
        double[] values = new double[columns.length];
        for (int i = 0; i < columns.length; i++) {
            values[i] = FrameValues.number(row.get(columns[i]), names.get(columns[i]), where);
        }
        return Example.dense(values, Double.NaN);
    }

    /** Numbers and the entries of vectors, one column after the other; sparse when one of the vectors is. */
    private static Example concatenated(Row row, int[] columns, List<String> names, int width, Supplier<String> where) {
        ConcatenatedFeatures all = new ConcatenatedFeatures();
        for (int column : columns) {
            String name = names.get(column);
            Object value = row.get(column);
            if (value instanceof Vector vector) {
                FrameValues.check(vector, name, where);
                all.add(vector);
            } else {
                all.add(FrameValues.number(value, name, where));
            }
        }
        if (width >= 0 && all.size() != width) {
            throw new DataException(
                    "%s: the feature columns have %d features instead of %d: all vectors of a column must be of one size",
                    where.get(), all.size(), width);
        }
        return all.example();
    }

    private static Vector vector(Row row, int column, String name, Supplier<String> where) {
        if (row.isNullAt(column)) {
            throw DataException.ofValue(
                    InvalidValue.MISSING,
                    "%s, column '%s': the features are missing: fill them in or leave the row out",
                    where.get(),
                    name);
        }
        return row.getAs(column);
    }
}
