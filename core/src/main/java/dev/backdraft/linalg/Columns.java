package dev.backdraft.linalg;

/** A matrix that holds one example a column: dense, or sparse. */
public sealed interface Columns permits Matrix, SparseMatrix {
    /** Number of features. */
    int rows();

    /** Number of examples. */
    int columns();

    /** {@code [rows x columns]}, as error messages show it. */
    default String shape() {
        return "[" + rows() + " x " + columns() + "]";
    }
}
