package dev.backdraft.train.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.network.LossSum;
import java.io.Serializable;
import java.nio.ByteBuffer;

/**
 * The sum of lanes [from, to), a node of the {@link GradientTree}. A class, not a record: Spark's Kryo cannot serialize
 * records.
 */
public final class LaneSum implements Serializable {
    private static final long serialVersionUID = 1;

    /** Bytes of lanes and losses, which {@link #writeHead} writes. */
    public static final int HEAD_BYTES = 2 * Integer.BYTES + 3 * Double.BYTES;

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

    /**
     * Reads the lanes and the losses.
     *
     * @param sum owned by the node from now on; its losses are overwritten, and its gradient is left as it is
     */
    public static LaneSum readHead(ByteBuffer buffer, GradientSum sum) {
        LaneSum node = new LaneSum(buffer.getInt(), buffer.getInt(), sum);
        sum.touchAll();
        sum.losses().clear();
        sum.losses().add(buffer.getDouble(), buffer.getDouble(), buffer.getDouble());
        return node;
    }

    /** Writes the lanes and the losses. The gradient, which is long, is for the caller to send. */
    public void writeHead(ByteBuffer buffer) {
        LossSum losses = sum.losses();
        buffer.putInt(from).putInt(to);
        buffer.putDouble(losses.loss()).putDouble(losses.weight()).putDouble(losses.correct());
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
