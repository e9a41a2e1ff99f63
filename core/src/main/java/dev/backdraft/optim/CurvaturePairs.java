package dev.backdraft.optim;

/**
 * The last pairs s = x' − x, y = g' − g of a quasi-Newton rule, in a ring of slots, and the direction p = −H g that they give: the
 * two-loop recursion of Nocedal and Wright 2006, algorithm 7.4, with H₀ = (s·y)/(y·y) I of the newest pair (eq. 7.20).
 *
 * @param capacity pairs that are kept
 * @param firstSlot s of the first, then its y, then those of the second, …
 * @param firstScalar of {@link #scalarCount} that it keeps
 */
record CurvaturePairs(int capacity, int firstSlot, int firstScalar) {
    // Wolfe's conditions make s·y positive, but float32 may round it away: then the pair would say nothing of the
    // curvature
    private static final double LEAST_COSINE = 1e-8;

    int slotCount() {
        return 2 * capacity;
    }

    /** How many there are, where the next goes, and for each 1/(s·y) and a coefficient of the recursion. */
    int scalarCount() {
        return 2 + 2 * capacity;
    }

    /** Checks the numbers that say where pairs are, for {@link Optimizer#check}. */
    void check(OptimizerState state) {
        state.checkWhole("the number of pairs", firstScalar, capacity);
        state.checkWhole("the place of the next pair", firstScalar + 1, capacity - 1);
    }

    int count(OptimizerState state) {
        return (int) state.scalars()[firstScalar];
    }

    void clear(OptimizerState state) {
        state.scalars()[firstScalar] = 0;
        state.scalars()[firstScalar + 1] = 0;
    }

    private float[] s(OptimizerState state, int pair) {
        return state.slot(firstSlot + 2 * pair);
    }

    private float[] y(OptimizerState state, int pair) {
        return state.slot(firstSlot + 2 * pair + 1);
    }

    private int inverseProduct(int pair) {
        return firstScalar + 2 + pair;
    }

    private int coefficient(int pair) {
        return firstScalar + 2 + capacity + pair;
    }

    /**
     * Adds the pair of a step from x to x', in the place of the oldest; not if it is not curved upwards.
     *
     * @param x and g before the step, newX and newG after it; read
     */
    void add(OptimizerState state, float[] x, float[] g, float[] newX, float[] newG) {
        double[] scalars = state.scalars();
        int pair = (int) scalars[firstScalar + 1];
        int n = state.parameterCount();
        float[] s = s(state, pair);
        float[] y = y(state, pair);
        for (int i = 0; i < n; i++) {
            s[i] = newX[i] - x[i];
            y[i] = newG[i] - g[i];
        }
        double product = Norms.dot(s, y, n);
        if (product > LEAST_COSINE * Norms.euclidean(s, 0, n) * Norms.euclidean(y, 0, n)) {
            scalars[inverseProduct(pair)] = 1 / product;
            scalars[firstScalar] = Math.min(capacity, count(state) + 1);
            scalars[firstScalar + 1] = (pair + 1) % capacity;
        } else if (count(state) == capacity) {
            scalars[firstScalar]--; // the oldest was overwritten
        }
    }

    /**
     * The direction of descent, −H g; −g while there are no pairs.
     *
     * @param g read
     * @param p overwritten, must not be g
     */
    void direction(OptimizerState state, float[] g, float[] p) {
        double[] scalars = state.scalars();
        int n = state.parameterCount();
        for (int i = 0; i < n; i++) {
            p[i] = -g[i];
        }
        int count = count(state);
        int next = (int) scalars[firstScalar + 1];
        for (int age = 1; age <= count; age++) { // newest first
            int pair = Math.floorMod(next - age, capacity);
            double a = scalars[inverseProduct(pair)] * Norms.dot(s(state, pair), p, n);
            scalars[coefficient(pair)] = a;
            addScaled(-a, y(state, pair), p, n);
        }
        if (count > 0) {
            int newest = Math.floorMod(next - 1, capacity);
            float[] y = y(state, newest);
            double scale = 1 / (scalars[inverseProduct(newest)] * Norms.dot(y, y, n));
            for (int i = 0; i < n; i++) {
                p[i] = (float) (scale * p[i]);
            }
        }
        for (int age = count; age >= 1; age--) { // oldest first
            int pair = Math.floorMod(next - age, capacity);
            double b = scalars[inverseProduct(pair)] * Norms.dot(y(state, pair), p, n);
            addScaled(scalars[coefficient(pair)] - b, s(state, pair), p, n);
        }
    }

    /** y += a x. */
    private static void addScaled(double a, float[] x, float[] y, int n) {
        for (int i = 0; i < n; i++) {
            y[i] = (float) (y[i] + a * x[i]);
        }
    }
}
