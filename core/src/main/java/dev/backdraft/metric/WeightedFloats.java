package dev.backdraft.metric;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** A growing list of values with weights. Mutable, not thread-safe. */
final class WeightedFloats implements Serializable {
    private static final long serialVersionUID = 1;

    private float[] values = new float[16];
    private float[] weights = new float[16];
    private int size;

    void add(float value, float weight) {
        reserve(size + 1);
        values[size] = value + 0f; // −0 becomes 0, its equal
        weights[size] = weight;
        size++;
    }

    /** Adds another list; {@code other} is read. */
    void add(WeightedFloats other) {
        int added = other.size;
        reserve(Math.addExact(size, added));
        System.arraycopy(other.values, 0, values, size, added);
        System.arraycopy(other.weights, 0, weights, size, added);
        size += added;
    }

    private void reserve(int needed) {
        if (needed > values.length) {
            int length = (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, values.length * 2L));
            values = Arrays.copyOf(values, length);
            weights = Arrays.copyOf(weights, length);
        }
    }

    /** Number of bytes that {@link #write} takes. */
    long bytes() {
        return Integer.BYTES + 2L * Float.BYTES * size;
    }

    void write(ByteBuffer out) {
        out.putInt(size);
        out.asFloatBuffer().put(values, 0, size).put(weights, 0, size);
        out.position(out.position() + 2 * Float.BYTES * size);
    }

    /**
     * Takes the values that a list wrote, in place of its own.
     *
     * @throws IllegalStateException when there are fewer
     */
    void read(ByteBuffer in) {
        int count = in.getInt();
        if (count < 0 || 2L * Float.BYTES * count > in.remaining()) {
            throw new IllegalStateException(count + " values do not fit into " + in.remaining() + " bytes");
        }
        size = 0;
        reserve(count);
        in.asFloatBuffer().get(values, 0, count).get(weights, 0, count);
        in.position(in.position() + 2 * Float.BYTES * count);
        size = count;
    }

    int size() {
        return size;
    }

    float value(int i) {
        return values[i];
    }

    float weight(int i) {
        return weights[i];
    }

    /** The indices of the values in rising order, equal ones in the order of their arrival; NaN comes last. */
    int[] ascending() {
        long[] keys = new long[size]; // the value in the upper half, so that it sorts; the index in the lower
        for (int i = 0; i < size; i++) {
            int bits = Float.floatToIntBits(values[i]);
            int sortable = bits ^ ((bits >> 31) & Integer.MAX_VALUE); // integers in the order of the floats
            keys[i] = ((long) sortable << 32) | i;
        }
        Arrays.sort(keys);
        int[] order = new int[size];
        for (int i = 0; i < size; i++) {
            order[i] = (int) keys[i];
        }
        return order;
    }
}
