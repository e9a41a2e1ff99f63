package dev.backdraft.optim;

/**
 * What a step does to an entry whose gradient is +0: to its parameter, and to its entries of the optimizer's vectors.
 * An entry at rest keeps all of its bits, so a step may leave it out.
 */
public enum AtZero {
    /** It may move. */
    MOVES,

    /**
     * It is at rest while its entries of the optimizer's vectors are +0, as they are until its first other gradient.
     */
    RESTS_WITHOUT_STATE,

    /** It is at rest. */
    RESTS;

    private static final double SMALLEST = 1e-20;

    /**
     * What a rule does that divides by ε or √ε, corrected for bias or not. With a tiny ε the divisor may be 0 as a
     * float, and 0/0 is NaN.
     */
    static AtZero dividedBy(double epsilon, AtZero otherwise) {
        return epsilon >= SMALLEST ? otherwise : MOVES;
    }
}
