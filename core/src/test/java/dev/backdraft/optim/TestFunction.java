package dev.backdraft.optim;

/** A function to minimise, computed in double. */
interface TestFunction {
    /** The value at x; overwrites the gradient. */
    double at(float[] x, float[] gradient);

    /** ½ Σ cᵢ (xᵢ − aᵢ)² with c = 1, 2, …, n and a = 1, −½, ⅓, … */
    static double parabola(float[] x, float[] gradient) {
        double value = 0;
        for (int i = 0; i < x.length; i++) {
            double away = x[i] - (i % 2 == 0 ? 1.0 : -1.0) / (i + 1);
            value += (i + 1) * away * away / 2;
            gradient[i] = (float) ((i + 1) * away);
        }
        return value;
    }

    /** Σ 100 (xᵢ₊₁ − xᵢ²)² + (1 − xᵢ)² (Rosenbrock 1960, for n dimensions as in scipy); its minimum is 0 at (1, …, 1). */
    static double rosenbrock(float[] x, float[] gradient) {
        double value = 0;
        double[] sum = new double[x.length];
        for (int i = 0; i + 1 < x.length; i++) {
            double bend = x[i + 1] - (double) x[i] * x[i];
            double away = 1.0 - x[i];
            value += 100 * bend * bend + away * away;
            sum[i] += -400 * bend * x[i] - 2 * away;
            sum[i + 1] += 200 * bend;
        }
        for (int i = 0; i < x.length; i++) {
            gradient[i] = (float) sum[i];
        }
        return value;
    }
}
