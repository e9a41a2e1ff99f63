package dev.backdraft.spark.engine.resident;

import java.nio.ByteBuffer;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * Measures of validation blocks as bytes, by the serializer that Spark uses for its own messages and task results. Read only
 * from connections that have shown the session's token. For one thread at a time.
 */
final class MeasuredBytes {
    private static final ClassTag<MeasuredBlock[]> TAG = ClassTag$.MODULE$.apply(MeasuredBlock[].class);

    private final SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();

    byte[] write(List<MeasuredBlock> measured) {
        if (measured.isEmpty()) {
            return new byte[0];
        }
        ByteBuffer buffer = serializer.serialize(measured.toArray(new MeasuredBlock[0]), TAG);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    List<MeasuredBlock> read(ByteBuffer bytes) {
        if (!bytes.hasRemaining()) {
            return List.of();
        }
        MeasuredBlock[] blocks = serializer.deserialize(bytes, MeasuredBytes.class.getClassLoader(), TAG);
        return List.of(blocks);
    }
}
