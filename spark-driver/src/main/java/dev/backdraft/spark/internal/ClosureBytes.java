package dev.backdraft.spark.internal;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag;
import scala.reflect.ClassTag$;

/**
 * What the driver gives to its tasks as bytes of the serializer that Spark takes for the tasks themselves, whatever
 * {@code spark.serializer} is: Spark's Kryo cannot serialize records, and what a task is given may contain layers and
 * losses of the application. Such bytes come from the application's own driver, with the task, and from nowhere else.
 */
public final class ClosureBytes {
    private ClosureBytes() {}

    /** Writes an object, on the driver. */
    public static <T> byte[] write(T value, Class<T> type) {
        ByteBuffer buffer = serializer().serialize(value, tag(type));
        byte[] bytes = new byte[buffer.remaining()];
        buffer.get(bytes);
        return bytes;
    }

    /** Reads an object that the driver wrote. */
    public static <T> T read(byte[] bytes, Class<T> type) {
        return serializer().deserialize(ByteBuffer.wrap(bytes), tag(type));
    }

    private static SerializerInstance serializer() {
        return SparkEnv.get().closureSerializer().newInstance();
    }

    private static <T> ClassTag<T> tag(Class<T> type) {
        return ClassTag$.MODULE$.apply(type);
    }
}
