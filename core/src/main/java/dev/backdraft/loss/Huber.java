package dev.backdraft.loss;

import dev.backdraft.json.Require;
import java.util.Objects;

/**
 * Huber's loss of r = z − t: {@code l = r² / 2} for |r| ≤ δ, else {@code δ (|r| − δ / 2)}; {@code dl/dz = r} clipped to [−δ, δ].
 * Squared near the target, absolute far from it, so that outliers pull with a bounded force. Huber 1964, "Robust estimation of a
 * location parameter".
 *
 * @param delta δ &gt; 0, in the units of the label as the network sees it: of the standardized label, if it is standardized
 * @param reduction over outputs
 */
public record Huber(double delta, OutputReduction reduction) implements RegressionLoss {
    public Huber {
        Require.positive("delta", delta);
        Objects.requireNonNull(reduction, "reduction");
    }

    /** δ = 1 with the mean over outputs. */
    public Huber() {
        this(1, OutputReduction.MEAN);
    }

    @Override
    public String name() {
        return "huber";
    }

    @Override
    public double value(double z, double t) {
        double distance = Math.abs(z - t);
        return distance <= delta ? distance * distance / 2 : delta * (distance - delta / 2);
    }

    @Override
    public double slope(double z, double t) {
        return Math.max(-delta, Math.min(delta, z - t));
    }
}
