package dev.backdraft.optim;

import dev.backdraft.json.Require;

/**
 * L-BFGS with a line search for the strong Wolfe conditions: {@code θ ← θ + α p, p = −H g}, H the approximation of the inverse
 * Hessian by the last m pairs (Δθ, Δg). Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.5, 7.4, 3.5 and 3.6. For full
 * batches: it takes objective and gradient for exact.
 *
 * <p>It asks and is told, so that it fits a loop that computes one gradient a step, and a checkpoint can fall into the middle of a
 * search: every {@link #step} gets the gradient at θ (and through {@link OptimizerState#observe} the objective there), and leaves θ at the
 * next trial. A step of the loop is therefore an evaluation, not an iteration; α = 1 is tried first and mostly taken.
 * Where the objective or gradient is not finite, the trial was too far. {@link #settle} takes back the last trial.
 *
 * <p>The learning rate scales the first trial of a search along the bare gradient, {@code α = η min(1, 1/‖g‖₂)}, and nothing else:
 * leave it at 1. It is {@link #finished} when no entry of the gradient exceeds the tolerance, or when float32 has no lower point along
 * −g. A search that gives up goes on from its best point without pairs. Unlike PyTorch's, whose step is a whole search with a
 * closure, this one stops and goes on between any two gradients. State: 2 m + 3 vectors, 92 bytes a
 * parameter for m = 10.
 *
 * @param memory m, pairs kept, at least 1
 * @param decrease c₁ of the first Wolfe condition, 0 &lt; c₁ &lt; c₂
 * @param curvature c₂ of the second, c₁ &lt; c₂ &lt; 1
 * @param maxTrials evaluations that a search may take, at least 1
 * @param tolerance of the largest entry of the gradient, at least 0
 */
public record Lbfgs(int memory, double decrease, double curvature, int maxTrials, double tolerance)
        implements Optimizer {
    private static final int ORIGIN = 0; // slots: where the search started, the gradient there, its direction
    private static final int ORIGIN_GRADIENT = 1;
    private static final int DIRECTION = 2;
    private static final int PAIRS = 3;

    private static final int STATUS =
            WolfeSearch.NUMBERS; // scalars: those of the search, then the status, then the pairs'
    private static final int STARTING = 0; // θ is no trial: a search starts from it
    private static final int SEARCHING = 1;
    private static final int FINISHED = 2;

    public Lbfgs {
        Require.atLeast(1, "memory", memory);
        if (!(decrease > 0 && decrease < curvature && curvature < 1)) {
            throw new IllegalArgumentException(
                    "Wolfe's constants must be 0 < decrease < curvature < 1: " + decrease + ", " + curvature);
        }
        Require.atLeast(1, "maxTrials", maxTrials);
        Require.notNegative("tolerance", tolerance);
    }

    /** 10 pairs, the book's c₁ = 1e-4 and c₂ = 0.9, 20 trials, tolerance 1e-7. */
    public Lbfgs() {
        this(10, 1e-4, 0.9, 20, 1e-7);
    }

    @Override
    public String name() {
        return "lbfgs";
    }

    @Override
    public boolean searchesLine() {
        return true;
    }

    @Override
    public void check(OptimizerState state) {
        state.checkWhole("the status", STATUS, FINISHED);
        pairs().check(state);
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        CurvaturePairs pairs = pairs();
        return new OptimizerState(layout, PAIRS + pairs.slotCount(), STATUS + 1 + pairs.scalarCount());
    }

    @Override
    public boolean finished(OptimizerState state) {
        return state.scalars()[STATUS] == FINISHED;
    }

    @Override
    public void settle(OptimizerState state, float[] parameters) {
        if (state.scalars()[STATUS] == SEARCHING) {
            moveTo(WolfeSearch.bestStep(state.scalars()), state, parameters);
        }
    }

    /**
     * Takes the objective and gradient at θ, which is the trial that the step before left, and leaves θ at the next one.
     *
     * @throws IllegalStateException if objective or gradient is not finite where a search is to start
     */
    @Override
    public void step(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        state.nextStep();
        int status = (int) state.scalars()[STATUS];
        if (status == STARTING) {
            start(state, learningRate, gradient, parameters);
        } else if (status == SEARCHING) {
            double slope = Norms.dot(gradient, state.slot(DIRECTION), state.parameterCount());
            switch (search().tell(state.scalars(), state.objective(), slope)) {
                case ACCEPTED -> {
                    pairs().add(state, state.slot(ORIGIN), state.slot(ORIGIN_GRADIENT), parameters, gradient);
                    start(state, learningRate, gradient, parameters);
                }
                case GO_ON -> moveToTrial(state, learningRate, parameters);
                case GIVEN_UP -> giveUp(state, learningRate, parameters);
            }
        }
    }

    /** Starts a search from where the parameters are. */
    private void start(OptimizerState state, double learningRate, float[] gradient, float[] parameters) {
        int n = state.parameterCount();
        float largest = 0;
        for (int i = 0; i < n; i++) {
            largest = Math.max(largest, Math.abs(gradient[i]));
        }
        if (!Double.isFinite(state.objective()) || !Float.isFinite(largest)) {
            throw new IllegalStateException("L-BFGS cannot start where the objective is " + state.objective()
                    + " and the largest gradient " + largest);
        }
        System.arraycopy(parameters, 0, state.slot(ORIGIN), 0, n);
        System.arraycopy(gradient, 0, state.slot(ORIGIN_GRADIENT), 0, n);
        if (largest <= tolerance) {
            state.scalars()[STATUS] = FINISHED;
        } else {
            descend(state, state.objective(), learningRate, parameters);
        }
    }

    /** Chooses a direction from the origin of the search and makes the first trial. */
    private void descend(OptimizerState state, double objective, double learningRate, float[] parameters) {
        int n = state.parameterCount();
        float[] g = state.slot(ORIGIN_GRADIENT);
        float[] p = state.slot(DIRECTION);
        pairs().direction(state, g, p);
        double slope = Norms.dot(g, p, n);
        if (!(slope < 0 && slope > Double.NEGATIVE_INFINITY)) { // rounding has spoilt the pairs
            pairs().clear(state);
            pairs().direction(state, g, p);
            slope = Norms.dot(g, p, n);
        }
        double first = 1;
        if (pairs().count(state) == 0) {
            first = learningRate * Math.min(1, 1 / Norms.euclidean(g, 0, n));
            while (first < 1 && !moves(0, first, state)) { // a small rate must not look like the end
                first *= 10;
            }
        }
        search().begin(state.scalars(), objective, slope, first);
        state.scalars()[STATUS] = SEARCHING;
        moveToTrial(state, learningRate, parameters);
    }

    private void moveToTrial(OptimizerState state, double learningRate, float[] parameters) {
        double trial = WolfeSearch.trial(state.scalars());
        if (moves(WolfeSearch.bestStep(state.scalars()), trial, state)) {
            moveTo(trial, state, parameters);
        } else {
            giveUp(state, learningRate, parameters);
        }
    }

    private void giveUp(OptimizerState state, double learningRate, float[] parameters) {
        double best = WolfeSearch.bestStep(state.scalars());
        boolean hadPairs = pairs().count(state) > 0;
        pairs().clear(state);
        moveTo(best, state, parameters);
        if (best > 0) {
            state.scalars()[STATUS] = STARTING;
        } else if (hadPairs) {
            descend(state, WolfeSearch.startValue(state.scalars()), learningRate, parameters);
        } else {
            state.scalars()[STATUS] = FINISHED;
        }
    }

    /** Whether two steps along the direction are different points in float32. */
    private static boolean moves(double from, double to, OptimizerState state) {
        float[] x = state.slot(ORIGIN);
        float[] p = state.slot(DIRECTION);
        for (int i = 0; i < state.parameterCount(); i++) {
            if ((float) (x[i] + from * p[i]) != (float) (x[i] + to * p[i])) {
                return true;
            }
        }
        return false;
    }

    private static void moveTo(double step, OptimizerState state, float[] parameters) {
        float[] x = state.slot(ORIGIN);
        float[] p = state.slot(DIRECTION);
        for (int i = 0; i < state.parameterCount(); i++) {
            parameters[i] = (float) (x[i] + step * p[i]);
        }
    }

    private WolfeSearch search() {
        return new WolfeSearch(decrease, curvature, maxTrials);
    }

    private CurvaturePairs pairs() {
        return new CurvaturePairs(memory, PAIRS, STATUS + 1);
    }
}
