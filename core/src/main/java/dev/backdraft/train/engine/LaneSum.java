package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import java.io.Serializable;

/**
 * The sum of lanes [from, to), a node of the {@link GradientTree}. A class, not a record: Spark's Kryo cannot serialize
 * records.
 */
public final class LaneSum implements Serializable {
    private static final long serialVersionUID = 1;

    private final int from;
    private final int to;
    private final GradientSum sum;

    /** @param sum owned by this node from now on */
    public LaneSum(int from, int to, GradientSum sum) {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("lanes [" + from + ", " + to + ") are no node of a tree");
        }
        this.from = from;
        this.to = to;
        this.sum = sum;
    }

    public int from() {
        return from;
    }

    public int to() {
        return to;
    }

    /** The sum itself, not a copy. */
    public GradientSum sum() {
        return sum;
    }
}
