package dev.backdraft.spark.engine.resident.protocol;

import java.nio.ByteBuffer;
import org.apache.spark.SparkConf;
import org.apache.spark.serializer.JavaSerializer;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * The measures of a validation block as bytes, by the serializer that Spark uses for its own messages and task results.
 * Read only from connections that have shown the session's token. For one thread at a time.
 */
public final class MeasuredBytes {
    private static final ClassTag<MeasuredBlock> TAG = ClassTag$.MODULE$.apply(MeasuredBlock.class);

    private final SerializerInstance serializer = new JavaSerializer(new SparkConf(false)).newInstance();

    public byte[] write(MeasuredBlock measured) {
        ByteBuffer buffer = serializer.serialize(measured, TAG);
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    public MeasuredBlock read(ByteBuffer bytes) {
        return serializer.deserialize(bytes, MeasuredBytes.class.getClassLoader(), TAG);
    }
}
