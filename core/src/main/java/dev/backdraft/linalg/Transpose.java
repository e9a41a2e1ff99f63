package dev.backdraft.linalg;

/** Whether a factor of a matrix product is taken as it is or transposed. */
public enum Transpose {
    NO("N"),
    YES("T");

    private final String letter;

    Transpose(String letter) {
        this.letter = letter;
    }

    String letter() {
        return letter;
    }

    int rows(Matrix matrix) {
        return this == NO ? matrix.rows() : matrix.columns();
    }

    int columns(Matrix matrix) {
        return this == NO ? matrix.columns() : matrix.rows();
    }
}
