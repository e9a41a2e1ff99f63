package dev.backdraft.linalg;

/**
 * Products whose bits depend on nothing but the factors: every element of {@code C = op(A) op(B) + C} is one chain
 * {@code c = fma(aₖ, bₖ, c)} over k = 0, 1, …, which starts at the element of C or at 0. An implementation may use
 * blocks, tiles, vectors and packed copies, because none of them reorders a chain: it may stop a chain, store it and
 * continue it later.
 */
interface Chains {
    /**
     * The product. The arguments are those of {@link Blas#gemm}; shapes were checked, and no size is zero.
     *
     * @param adds whether chains start at C, or at 0
     */
    void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c);

    /** Whether the processor's vectors are used as far as they can be. */
    boolean isFast();

    /** For people: how chains are computed here. */
    String description();
}
