package dev.backdraft.spark.data;

import dev.backdraft.data.Example;
import java.util.Arrays;
import org.apache.spark.ml.linalg.SparseVector;
import org.apache.spark.ml.linalg.Vector;

/** The features of one row from several columns, numbers and vectors, in order. For one row. */
final class ConcatenatedFeatures {
    private int[] indices = new int[16]; // of the values
    private double[] values = new double[16];
    private int count;
    private int size;
    private boolean sparse;

    /** Adds a feature. */
    void add(double value) {
        put(size, value);
        size = Math.addExact(size, 1);
    }

    /** Adds the entries of a vector. */
    void add(Vector vector) {
        if (vector instanceof SparseVector some) {
            sparse = true;
            for (int i = 0; i < some.values().length; i++) {
                put(size + some.indices()[i], some.values()[i]);
            }
        } else {
            double[] dense = vector.toArray();
            for (int i = 0; i < dense.length; i++) {
                put(size + i, dense[i]);
            }
        }
        size = Math.addExact(size, vector.size());
    }

    private void put(int index, double value) {
        if (count == values.length) {
            indices = Arrays.copyOf(indices, 2 * count);
            values = Arrays.copyOf(values, 2 * count);
        }
        indices[count] = index;
        values[count++] = value;
    }

    /** Number of features so far. */
    int size() {
        return size;
    }

    /** All features as a row without a label; sparse when one of the vectors is. */
    Example example() {
        double[] found = Arrays.copyOf(values, count);
        return sparse
                ? Example.sparse(Arrays.copyOf(indices, count), found, Double.NaN)
                : Example.dense(found, Double.NaN);
    }
}
