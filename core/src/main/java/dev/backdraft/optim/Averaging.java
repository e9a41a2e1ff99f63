package dev.backdraft.optim;

import dev.backdraft.json.Require;
import java.io.Serializable;
import java.util.Objects;

/**
 * An average of the weights along the training, to predict with instead of the last ones.
 *
 * <ul>
 *   <li>EMA, after every step: {@code a ← d a + (1 − d) θ}; a starts as the first θ, so there is no bias to correct. With warm-up the
 *       decay of the t-th average is {@code min(d, (1 + t)/(10 + t))}, t = 0 for the first after the start (TensorFlow's
 *       {@code num_updates}); without, it is d always. Polyak and Juditsky 1992 for the idea.
 *   <li>SWA, after every epoch: {@code a ← (n a + θ)/(n + 1)}, the plain mean of the epochs. Izmailov et al. 2018, algorithm 1, with
 *       a cycle of one epoch; take a constant or a cyclic learning rate from the start epoch on.
 * </ul>
 *
 * <p>All of the flat vector is averaged, including the running statistics after the parameters; Izmailov et al. compute those
 * of the averaged network again.
 *
 * @param kind which of the two
 * @param decay d of the EMA, 0 ≤ d &lt; 1; SWA has none
 * @param warmUp whether the EMA's decay starts small
 * @param startEpoch the first epoch that counts, from 1
 */
public record Averaging(Kind kind, double decay, boolean warmUp, int startEpoch) implements Serializable {
    /** How the average is taken. */
    public enum Kind {
        /** Exponential moving average, after every step. */
        EMA,

        /** Stochastic weight averaging, equal weights, after every epoch. */
        SWA
    }

    public Averaging {
        Objects.requireNonNull(kind, "kind");
        Require.fraction("decay", decay);
        Require.atLeast(1, "startEpoch", startEpoch);
    }

    /** EMA with d = 0.999 from the first step on, without warm-up. */
    public Averaging() {
        this(Kind.EMA, 0.999, false, 1);
    }

    /** An average of nothing yet. */
    public AveragedWeights initialState(int length) {
        return new AveragedWeights(this, length);
    }

    /** The decay when this many values are in the average. */
    double decay(long count) {
        long t = count - 1; // the first value was the start
        return switch (kind) {
            case EMA -> warmUp ? Math.min(decay, (1.0 + t) / (10.0 + t)) : decay;
            case SWA -> count / (count + 1.0);
        };
    }
}
