package dev.backdraft.spark.engine;

import dev.backdraft.spark.data.Cancellation;
import java.io.Serializable;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.apache.spark.SparkContext;
import org.apache.spark.broadcast.Broadcast;
import scala.reflect.ClassTag$;

/**
 * Parameters on their way to the tasks of one job. Small ones are part of the task, which Spark broadcasts anyway; each task
 * reads its own copy. Larger ones are a broadcast of their own, which each executor reads once for all its tasks.
 */
final class TaskParameters implements Serializable, AutoCloseable {
    private static final long serialVersionUID = 1;

    private final byte[] inTask; // or null
    private final Broadcast<byte[]> shared; // or null

    private TaskParameters(byte[] inTask, Broadcast<byte[]> shared) {
        this.inTask = inTask;
        this.shared = shared;
    }

    /**
     * @param parameters read
     * @param largestInTask bytes; more are broadcast
     */
    static TaskParameters of(SparkContext spark, float[] parameters, int largestInTask) {
        ByteBuffer buffer = ByteBuffer.allocate(Math.multiplyExact(Float.BYTES, parameters.length))
                .order(ByteOrder.LITTLE_ENDIAN);
        buffer.asFloatBuffer().put(parameters);
        byte[] bytes = buffer.array();
        return bytes.length <= largestInTask
                ? new TaskParameters(bytes, null)
                : new TaskParameters(null, spark.broadcast(bytes, ClassTag$.MODULE$.apply(byte[].class)));
    }

    /** The vector; a new array. */
    float[] get() {
        byte[] bytes = inTask != null ? inTask : shared.value();
        float[] parameters = new float[bytes.length / Float.BYTES];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer().get(parameters);
        return parameters;
    }

    /** Frees the broadcast, when the job has ended. */
    @Override
    public void close() {
        if (shared != null) {
            Cancellation.shield(shared::destroy);
        }
    }
}
