package dev.backdraft.tensor;

import dev.backdraft.json.Require;

/**
 * One of the matrices that a layer's slice of the flat vector is made of.
 *
 * @param name within the layer, as files show it: {@code weight}, {@code bias} …
 * @param rows of the matrix; the entries lie column by column
 * @param columns of the matrix; 1 for a vector
 * @param kind what regularizers take it for
 */
public record Parameter(String name, int rows, int columns, Kind kind) {
    /** What regularizers take a matrix for: they act on weights, and on the rest only when asked. */
    public enum Kind {
        /** Multiplies the values of other units: W [out × in], row i has the incoming weights of unit i. */
        WEIGHT,
        /** A bias, a shift or a scale of one unit. */
        BIAS
    }

    public Parameter {
        if (rows < 1 || columns < 1) {
            throw new IllegalArgumentException(name + " must have entries: [" + rows + " x " + columns + "]");
        }
        Require.fitsArray(
                "the matrix " + name + " of [" + rows + " x " + columns + "]", "entries", (long) rows * columns);
    }

    public static Parameter weight(String name, int rows, int columns) {
        return new Parameter(name, rows, columns, Kind.WEIGHT);
    }

    public static Parameter bias(String name, int rows) {
        return new Parameter(name, rows, 1, Kind.BIAS);
    }

    /** Number of entries. */
    public int size() {
        return rows * columns;
    }
}
