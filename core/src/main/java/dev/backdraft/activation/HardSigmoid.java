package dev.backdraft.activation;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.json.Require;

/**
 * A sigmoid of three straight lines: f(x) = min(1, max(0, a x + ½)), f' = a between them, else 0. PyTorch has a = 1/6, the
 * default; Keras had a = 0.2.
 *
 * @param slope a, positive
 */
public record HardSigmoid(double slope) implements ScalarActivation {
    public HardSigmoid {
        Require.positive("the slope of a hard sigmoid", slope);
    }

    /** a = 1/6. */
    public HardSigmoid() {
        this(1.0 / 6);
    }

    @Override
    public String name() {
        return "hard-sigmoid";
    }

    @Override
    public Initializer initializer() {
        return new GlorotUniform();
    }

    @Override
    public double value(double x) {
        return Math.max(0, Math.min(1, slope * x + 0.5));
    }

    @Override
    public double slope(double x, double y) {
        return Math.abs(slope * x) < 0.5 ? slope : 0;
    }
}
