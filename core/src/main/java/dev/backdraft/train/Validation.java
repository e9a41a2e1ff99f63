package dev.backdraft.train;

import dev.backdraft.network.LossSum;
import java.io.Serializable;

/** What one pass over validation rows adds up. Sums of parts add, in the order of the blocks. Mutable, not thread-safe. */
public final class Validation implements Serializable {
    private static final long serialVersionUID = 1;

    private final LossSum losses = new LossSum();

    /** The sums of losses and weights, itself. */
    public LossSum losses() {
        return losses;
    }

    /** Adds another sum; {@code other} is read. */
    public void add(Validation other) {
        losses.add(other.losses);
    }

    static boolean largerIsBetter(String metric) {
        return !metric.equals("loss");
    }
}
