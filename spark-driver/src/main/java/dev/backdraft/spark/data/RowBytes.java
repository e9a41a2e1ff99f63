package dev.backdraft.spark.data;

import dev.backdraft.data.Example;
import java.nio.ByteBuffer;

/**
 * A row as bytes, for the shuffle: label and weight, then the features, dense or sparse, whichever the row is. Bytes of our own
 * because every serialiser of Spark writes a {@code byte[]} at full speed.
 */
final class RowBytes {
    private static final byte DENSE = 0;
    private static final byte SPARSE = 1;

    private RowBytes() {}

    static byte[] encode(Example row) {
        float[] values = row.values();
        int[] indices = row.indices();
        int length = 1 + 4 + 4 + 4 + 4 * values.length + (indices == null ? 0 : 4 * values.length);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put(indices == null ? DENSE : SPARSE)
                .putFloat((float) row.label())
                .putFloat(row.weight());
        bytes.putInt(values.length);
        bytes.asFloatBuffer().put(values);
        if (indices != null) {
            bytes.position(bytes.position() + 4 * values.length);
            bytes.asIntBuffer().put(indices);
        }
        return bytes.array();
    }

    static Example decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        boolean sparse = bytes.get() == SPARSE;
        float label = bytes.getFloat();
        float weight = bytes.getFloat();
        float[] values = new float[bytes.getInt()];
        bytes.asFloatBuffer().get(values);
        if (!sparse) {
            return Example.dense(values, label).withWeight(weight);
        }
        int[] indices = new int[values.length];
        bytes.position(bytes.position() + 4 * values.length);
        bytes.asIntBuffer().get(indices);
        return Example.sparse(indices, values, label).withWeight(weight);
    }
}
