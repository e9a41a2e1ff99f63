package dev.backdraft.spark.engine;

import dev.backdraft.network.GradientSum;
import dev.backdraft.train.engine.LaneSum;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Sums of lanes as bytes, the same under any serializer of Spark's: an array of bytes is written in one piece, where Java's
 * serialization takes a {@code float[]} apart. Little-endian: nanoseconds of computing and of adding; the number of nodes; of each
 * node its {@linkplain LaneSum#writeHead head}, its length and its gradient.
 */
final class SumBytes {
    private static final int HEADER = 2 * Long.BYTES + Integer.BYTES;
    private static final int NODE = LaneSum.HEAD_BYTES + Integer.BYTES;

    private SumBytes() {}

    /**
     * @param computeNanos of the slowest worker
     * @param combineNanos of the slowest worker
     * @param nodes read
     */
    static byte[] encode(long computeNanos, long combineNanos, List<LaneSum> nodes) {
        int size = HEADER;
        for (LaneSum node : nodes) {
            size = Math.addExact(
                    size, NODE + Math.multiplyExact(Float.BYTES, node.sum().gradient().length));
        }
        ByteBuffer buffer = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        buffer.putLong(computeNanos).putLong(combineNanos).putInt(nodes.size());
        for (LaneSum node : nodes) {
            float[] gradient = node.sum().gradient();
            node.writeHead(buffer);
            buffer.putInt(gradient.length).asFloatBuffer().put(gradient);
            buffer.position(buffer.position() + Float.BYTES * gradient.length);
        }
        return buffer.array();
    }

    static long computeNanos(byte[] bytes) {
        return open(bytes).getLong();
    }

    static long combineNanos(byte[] bytes) {
        return open(bytes).getLong(Long.BYTES);
    }

    /**
     * Appends the nodes to a list.
     *
     * @param sums gives a sum for vectors of a length; overwritten
     */
    static void decode(byte[] bytes, IntFunction<GradientSum> sums, List<LaneSum> nodes) {
        ByteBuffer buffer = open(bytes).position(2 * Long.BYTES);
        for (int left = buffer.getInt(); left > 0; left--) {
            int length = buffer.getInt(buffer.position() + LaneSum.HEAD_BYTES);
            LaneSum node = LaneSum.readHead(buffer, sums.apply(length));
            buffer.getInt();
            buffer.asFloatBuffer().get(node.sum().gradient());
            buffer.position(buffer.position() + Float.BYTES * length);
            nodes.add(node);
        }
    }

    private static ByteBuffer open(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
