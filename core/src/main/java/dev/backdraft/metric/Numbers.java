package dev.backdraft.metric;

import java.nio.ByteBuffer;

/** Arrays of a known length as bytes. */
final class Numbers {
    private Numbers() {}

    static void write(ByteBuffer out, double[]... arrays) {
        for (double[] array : arrays) {
            out.asDoubleBuffer().put(array);
            out.position(out.position() + Double.BYTES * array.length);
        }
    }

    /** @param arrays overwritten */
    static void read(ByteBuffer in, double[]... arrays) {
        for (double[] array : arrays) {
            in.asDoubleBuffer().get(array);
            in.position(in.position() + Double.BYTES * array.length);
        }
    }
}
