package dev.backdraft.linalg;

/** What a backend computes. Shapes were checked, and no size is zero. */
interface Products {
    /** {@code C = op(A) op(B) + beta C}; the arguments are those of {@link Blas#gemm}. */
    void gemm(Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c);

    /** {@code v = sum of the columns of Y + beta v}; the arguments are those of {@link Blas#rowSums}. */
    void rowSums(Matrix y, float beta, Matrix v);
}
