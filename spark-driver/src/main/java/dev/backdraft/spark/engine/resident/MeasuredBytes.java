package dev.backdraft.spark.engine.resident;

import dev.backdraft.train.Validation;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The measures of a validation block as bytes: its number, then {@link Validation#write}. */
final class MeasuredBytes {
    byte[] write(MeasuredBlock measured) {
        byte[] bytes = new byte[Integer.BYTES + measured.validation().bytes()];
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        measured.validation().write(buffer.putInt(measured.block()));
        return bytes;
    }

    /** @throws IllegalStateException when the bytes are not such measures */
    MeasuredBlock read(ByteBuffer bytes) {
        return new MeasuredBlock(bytes.getInt(), Validation.read(bytes));
    }
}
