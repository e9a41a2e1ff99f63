package dev.backdraft.spark.engine.resident.protocol;

import dev.backdraft.metric.MetricSums;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The measures of a validation block as bytes: its number, then {@link MetricSums#write}. */
public final class MeasuredBytes {
    /** The bytes of the measures of a block. */
    public byte[] write(MeasuredBlock measured) {
        byte[] bytes = new byte[Integer.BYTES + measured.validation().bytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        measured.validation().write(buffer.putInt(measured.block()));
        return bytes;
    }

    /**
     * The measures that were written.
     *
     * @throws IllegalStateException when the bytes are not such measures
     */
    public MeasuredBlock read(ByteBuffer bytes) {
        return new MeasuredBlock(bytes.getInt(), MetricSums.read(bytes));
    }
}
