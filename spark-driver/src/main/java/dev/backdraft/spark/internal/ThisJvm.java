package dev.backdraft.spark.internal;

import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;

/** This JVM as a driver or executor of a Spark application, by {@code SparkEnv}. */
public final class ThisJvm {
    private ThisJvm() {}

    /** Whether this JVM is a driver or an executor. */
    public static boolean isOfSpark() {
        return SparkEnv.get() != null;
    }

    /** The host that other JVMs of the application reach this one by. */
    public static String host() {
        return SparkEnv.get().blockManager().blockManagerId().host();
    }

    /** The executor's number, or the name that Spark has for the driver. */
    public static String executorId() {
        return SparkEnv.get().executorId();
    }

    /** The application's settings, as this JVM started with them; read only. */
    public static SparkConf conf() {
        return SparkEnv.get().conf();
    }
}
