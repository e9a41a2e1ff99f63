package dev.backdraft.column;

import java.util.List;

/**
 * One input of a network that takes encoded rows.
 *
 * @param name of the column, and what of it this is: {@code city=Bern}, {@code age missing}
 * @param values number of codes, which go from 0 to {@code values} − 1; 0 when the input is no code
 * @param boundaries of bins that hold about equally many training rows, ascending, as the network sees the values;
 *     only of numbers, and only where the columns have just been learned
 */
public record ColumnInput(String name, Role role, int values, List<Double> boundaries) {
    /** What an input holds. */
    public enum Role {
        /** A number, scaled. */
        NUMBER,
        /** 0 or 1. */
        FLAG,
        /** The code of a category, a whole number. */
        CODE
    }

    public ColumnInput {
        boundaries = List.copyOf(boundaries);
    }

    static ColumnInput number(String name) {
        return new ColumnInput(name, Role.NUMBER, 0, List.of());
    }

    static ColumnInput flag(String name) {
        return new ColumnInput(name, Role.FLAG, 0, List.of());
    }

    static ColumnInput code(String name, int values) {
        return new ColumnInput(name, Role.CODE, values, List.of());
    }
}
