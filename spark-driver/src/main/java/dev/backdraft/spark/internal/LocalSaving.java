package dev.backdraft.spark.internal;

import java.lang.reflect.Field;
import java.lang.reflect.Method;

/**
 * Whether Spark is saving or loading in the driver's own file system, as Spark 4.1's {@code saveToLocal} asks of all stages by
 * a thread-local of its own. Spark 4.0 knows no such mode. Private in Scala, so that it is looked up by name.
 */
public final class LocalSaving {
    private static final ThreadLocal<?> STATE = find();

    private LocalSaving() {}

    private static ThreadLocal<?> find() {
        try {
            Class<?> type = Class.forName("org.apache.spark.ml.util.ReadWriteUtils$");
            Field module = type.getField("MODULE$");
            Method state = type.getMethod("localSavingModeState");
            return (ThreadLocal<?>) state.invoke(module.get(null));
        } catch (ReflectiveOperationException e) {
            return null; // an older Spark
        }
    }

    /** Whether it is; false where Spark has no such mode. */
    public static boolean isOn() {
        return STATE != null && Boolean.TRUE.equals(STATE.get());
    }
}
