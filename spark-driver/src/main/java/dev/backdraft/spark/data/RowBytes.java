package dev.backdraft.spark.data;

import dev.backdraft.data.Example;
import java.nio.ByteBuffer;

/**
 * A row as bytes, for the shuffle: label or labels and weight, then the features, dense or sparse, whichever the row is. Bytes of our own
 * because every serializer of Spark writes a {@code byte[]} at full speed.
 */
final class RowBytes {
    private static final byte DENSE = 0; // flags in the first byte
    private static final byte SPARSE = 1;
    private static final byte SEVERAL_LABELS = 2; // their number and all of them stand for the one label

    private RowBytes() {}

    static byte[] encode(Example row) {
        float[] values = row.values();
        int[] indices = row.indices();
        float[] labels = row.labels();
        int length = 1
                + (labels == null ? 4 : 4 + 4 * labels.length)
                + 4
                + 4
                + 4 * values.length
                + (indices == null ? 0 : 4 * values.length);
        ByteBuffer bytes = ByteBuffer.allocate(length);
        bytes.put((byte) ((indices == null ? DENSE : SPARSE) | (labels == null ? 0 : SEVERAL_LABELS)));
        if (labels == null) {
            bytes.putFloat((float) row.label());
        } else {
            bytes.putInt(labels.length);
            for (float label : labels) {
                bytes.putFloat(label);
            }
        }
        bytes.putFloat(row.weight()).putInt(values.length);
        bytes.asFloatBuffer().put(values);
        if (indices != null) {
            bytes.position(bytes.position() + 4 * values.length);
            bytes.asIntBuffer().put(indices);
        }
        return bytes.array();
    }

    static Example decode(byte[] encoded) {
        ByteBuffer bytes = ByteBuffer.wrap(encoded);
        byte flags = bytes.get();
        boolean several = (flags & SEVERAL_LABELS) != 0;
        float[] labels = several ? new float[bytes.getInt()] : null;
        for (int k = 0; several && k < labels.length; k++) {
            labels[k] = bytes.getFloat();
        }
        float label = several ? Float.NaN : bytes.getFloat();
        float weight = bytes.getFloat();
        float[] values = new float[bytes.getInt()];
        bytes.asFloatBuffer().get(values);
        int[] indices = null;
        if ((flags & SPARSE) != 0) {
            indices = new int[values.length];
            bytes.position(bytes.position() + 4 * values.length);
            bytes.asIntBuffer().get(indices);
        }
        Example row = indices == null ? Example.dense(values, label) : Example.sparse(indices, values, label);
        return (several ? row.withLabels(labels) : row).withWeight(weight);
    }
}
