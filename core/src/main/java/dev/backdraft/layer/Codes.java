package dev.backdraft.layer;

import dev.backdraft.json.Require;
import java.io.Serializable;

/**
 * A column of an {@link Embedding} that holds codes: whole numbers, each of which stands for a category.
 *
 * @param column of the input, counted from 0
 * @param values n, the number of codes: they go from 0 to n − 1
 * @param embeddingSize length of the vector that stands for a code
 */
public record Codes(int column, int values, int embeddingSize) implements Serializable {
    public Codes {
        Require.atLeast(0, "the column of codes", column);
        Require.atLeast(1, "the number of values of column " + column, values);
        Require.atLeast(1, "the embedding size of column " + column, embeddingSize);
        Require.fitsArray("the embedding of column " + column, "parameters", (long) values * embeddingSize);
    }

    /** Column 0, with two values and one number for each. */
    public Codes() {
        this(0, 2, 1);
    }

    /** Number of parameters. */
    int size() {
        return values * embeddingSize;
    }

    /** Whether a value is one of the codes. */
    public boolean accepts(double value) {
        return value >= 0 && value < values && value == Math.rint(value);
    }

    /**
     * The code that a float stands for.
     *
     * @throws IllegalArgumentException if it is none
     */
    int code(float value) {
        if (!accepts(value)) {
            throw new IllegalArgumentException("column " + column + " of an embedding holds " + value
                    + ", but must hold codes, whole numbers from 0 to " + (values - 1)
                    + ": number the categories of the column, or give the embedding more \"values\"");
        }
        return (int) value;
    }
}
