package dev.backdraft.optim;

import dev.backdraft.json.Require;
import java.util.Arrays;
import java.util.List;

/**
 * Gradient descent with momentum, in each of the {@linkplain Form forms} that books and libraries call so. State: a
 * vector, 4 bytes a parameter.
 *
 * @param momentum μ, 0 ≤ μ &lt; 1: the share of the earlier steps that is kept
 */
public record Momentum(double momentum, Form form) implements ElementwiseOptimizer {
    /** What is kept from step to step, and where the gradient g is taken. */
    public enum Form {
        /**
         * {@code v ← μ v + g, θ ← θ − η v}. Polyak 1964, as in PyTorch's SGD without dampening. The learning rate is
         * outside the velocity v, so a change of η acts at once.
         */
        VELOCITY("momentum"),

        /**
         * {@code Δ ← μ Δ − η g, θ ← θ + Δ}. Polyak 1964; Rumelhart, Hinton and Williams 1986; TensorFlow's SGD. The
         * learning rate is inside Δ, so after a change of η the older steps go on at their own rates.
         */
        DELTA("heavy-ball"),

        /**
         * {@code m ← μ m + (1 − μ) g, θ ← θ − η m}. Prince 2023, eq. 6.11: {@link #VELOCITY} at the rate (1 − μ) η.
         * PyTorch has it as {@code dampening} = μ, except for its first step.
         */
        AVERAGE("average-momentum"),

        /**
         * {@link #AVERAGE} without its bias towards the start at zero: {@code θ ← θ − η m/(1 − μᵗ)} for t = 1, 2, …,
         * the correction of Adam (Kingma and Ba 2015).
         */
        CORRECTED_AVERAGE("corrected-average-momentum"),

        /**
         * Nesterov's momentum: {@code v ← μ v + g, θ ← θ − η (g + μ v)}. Nesterov 1983, rewritten by Bengio,
         * Boulanger-Lewandowski and Pascanu 2013 so that the gradient is taken at θ itself: PyTorch's SGD with {@code
         * nesterov=True}. Its θ is the point where {@link #DELTA_LOOK_AHEAD} takes its gradient.
         */
        NESTEROV("nesterov"),

        /**
         * Nesterov's momentum with its look ahead: {@code Δ ← μ Δ − η g(θ + μ Δ), θ ← θ + Δ}. Sutskever, Martens, Dahl
         * and Hinton 2013, eq. 3–4: {@link #DELTA} with the gradient, and the loss that comes with it, of the point
         * where the momentum alone would lead.
         */
        DELTA_LOOK_AHEAD("nesterov-look-ahead"),

        /**
         * Nesterov's momentum with its look ahead, as an average: {@code m ← μ m + (1 − μ) g(θ − η μ m), θ ← θ − η m}.
         * Prince 2023, eq. 6.12: {@link #AVERAGE} with the gradient of the point where the momentum alone would lead at
         * the present η.
         */
        AVERAGE_LOOK_AHEAD("nesterov-average");

        private final String title;

        Form(String title) {
            this.title = title;
        }

        /** The name of the optimizer of this form. */
        String title() {
            return title;
        }
    }

    public Momentum {
        Require.fraction("momentum", momentum);
    }

    /** A form with the default, μ = 0.9. */
    public Momentum(Form form) {
        this(0.9, form);
    }

    /** {@link Form#VELOCITY}. */
    public Momentum(double momentum) {
        this(momentum, Form.VELOCITY);
    }

    /** {@link Form#VELOCITY} with the default, μ = 0.9. */
    public Momentum() {
        this(Form.VELOCITY);
    }

    /** Every form with the default, μ = 0.9. */
    static List<Momentum> everyForm() {
        return Arrays.stream(Form.values()).map(Momentum::new).toList();
    }

    @Override
    public String name() {
        return form.title();
    }

    @Override
    public OptimizerState initialState(ParameterLayout layout) {
        return new OptimizerState(layout, 1, 0);
    }

    @Override
    public boolean looksAhead() {
        return form == Form.DELTA_LOOK_AHEAD || form == Form.AVERAGE_LOOK_AHEAD;
    }

    @Override
    public float[] gradientPoint(OptimizerState state, double learningRate, float[] parameters, float[] scratch) {
        if (!looksAhead()) {
            return parameters;
        }
        double factor = form == Form.DELTA_LOOK_AHEAD ? momentum : -(learningRate * momentum);
        float[] kept = state.slot(0);
        System.arraycopy(parameters, 0, scratch, 0, parameters.length);
        for (int i = 0; i < state.parameterCount(); i++) {
            scratch[i] = (float) (parameters[i] + factor * kept[i]);
        }
        return scratch;
    }

    @Override
    public AtZero atZero() {
        return switch (form) {
            case DELTA, DELTA_LOOK_AHEAD -> AtZero.MOVES; // θ + 0 makes a θ of -0 to +0
            default -> AtZero.RESTS_WITHOUT_STATE;
        };
    }

    @Override
    public void update(
            OptimizerState state, double learningRate, float[] gradient, float[] parameters, int from, int to) {
        float[] kept = state.slot(0);
        float rate = (float) learningRate;
        float mu = (float) momentum;
        switch (form) {
            case VELOCITY -> velocity(kept, mu, rate, gradient, parameters, from, to);
            case NESTEROV -> nesterov(kept, mu, rate, gradient, parameters, from, to);
            case DELTA, DELTA_LOOK_AHEAD -> delta(kept, mu, rate, gradient, parameters, from, to);
            case AVERAGE, AVERAGE_LOOK_AHEAD ->
                average(kept, (float) (1 - momentum), rate, gradient, parameters, from, to);
            case CORRECTED_AVERAGE -> {
                double correction = 1 - IntegerPower.of(momentum, state.steps());
                float corrected = (float) (learningRate / correction);
                average(kept, (float) (1 - momentum), corrected, gradient, parameters, from, to);
            }
        }
    }

    private static void velocity(float[] v, float mu, float rate, float[] g, float[] theta, int from, int to) {
        for (int i = from; i < to; i++) {
            v[i] = Math.fma(mu, v[i], g[i]);
            theta[i] = Math.fma(-rate, v[i], theta[i]);
        }
    }

    private static void nesterov(float[] v, float mu, float rate, float[] g, float[] theta, int from, int to) {
        for (int i = from; i < to; i++) {
            v[i] = Math.fma(mu, v[i], g[i]);
            theta[i] = Math.fma(-rate, Math.fma(mu, v[i], g[i]), theta[i]);
        }
    }

    private static void delta(float[] delta, float mu, float rate, float[] g, float[] theta, int from, int to) {
        for (int i = from; i < to; i++) {
            delta[i] = Math.fma(mu, delta[i], -rate * g[i]);
            theta[i] += delta[i];
        }
    }

    private static void average(float[] m, float share, float rate, float[] g, float[] theta, int from, int to) {
        for (int i = from; i < to; i++) {
            m[i] = Math.fma(share, g[i] - m[i], m[i]);
            theta[i] = Math.fma(-rate, m[i], theta[i]);
        }
    }
}
