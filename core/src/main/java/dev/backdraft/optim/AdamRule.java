package dev.backdraft.optim;

/** What {@link Adam} and {@link AdamW} share: their settings by name, and the step. */
interface AdamRule extends ElementwiseOptimizer {
    /** β₁. */
    double beta1();

    /** β₂. */
    double beta2();

    /** ε. */
    double epsilon();

    /** Whether ε is inside the root. */
    boolean epsilonInside();

    /** Whether the averages are freed from their start at zero. */
    boolean biasCorrection();

    @Override
    default void check(OptimizerState state) {
        state.checkNotNegative(1);
    }

    @Override
    default AtZero atZero() {
        return AtZero.dividedBy(epsilon(), AtZero.RESTS_WITHOUT_STATE);
    }

    @Override
    default void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        long t = state.steps();
        double mCorrection = biasCorrection() ? 1 - IntegerPower.of(beta1(), t) : 1;
        double vCorrection = biasCorrection() ? 1 - IntegerPower.of(beta2(), t) : 1;
        float rate = (float) (learningRate / mCorrection * Math.sqrt(vCorrection)); // √v̂ + ε = (√v + ε √c) / √c
        float inside = (float) (epsilonInside() ? epsilon() * vCorrection : 0);
        float outside = (float) (epsilonInside() ? 0 : epsilon() * Math.sqrt(vCorrection));
        float mShare = (float) (1 - beta1());
        float vShare = (float) (1 - beta2());
        float[] m = state.slot(0);
        float[] v = state.slot(1);
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(mShare, gradient[i] - m[i], m[i]);
            v[i] = Math.fma(vShare, Math.fma(gradient[i], gradient[i], -v[i]), v[i]);
            float unit = m[i] / ((float) Math.sqrt(v[i] + inside) + outside);
            parameters[i] = Math.fma(-rate, unit, parameters[i]);
        }
    }
}
