package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.spark.SparkConf;

/** Clusters of executor JVMs on this machine, of Maven's jars: a master and workers in this JVM start them. */
public final class Clusters {
    private static final int EXECUTOR_MEGABYTES = 512;
    private static final String QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"; // executors live for seconds

    private Clusters() {}

    /** The configuration of a cluster on this machine, each executor with as many cores. */
    public static SparkConf conf(int executors, int coresEach) {
        String home = System.getenv("SPARK_HOME"); // set in the build; needs no more than an empty directory
        assertThat(home).as("SPARK_HOME").isNotNull();
        try {
            Files.createDirectories(Path.of(home, "jars"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Fits.conf(
                        "local-cluster[" + executors + "," + coresEach + "," + EXECUTOR_MEGABYTES + "]",
                        executors * coresEach)
                .set("spark.executor.memory", EXECUTOR_MEGABYTES + "m")
                .set("spark.executor.extraClassPath", classPath)
                .set("spark.executor.extraJavaOptions", QUICK_START)
                .set(
                        "spark.scheduler.minRegisteredResourcesRatio",
                        "1") // else the first job may find one executor only
                .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s")
                .set("spark.locality.wait", "0s");
    }

    /** The processes of this JVM's executors: it starts no other Java. */
    public static List<ProcessHandle> executors() {
        return ProcessHandle.current()
                .descendants()
                .filter(process -> process.info().command().orElse("").endsWith("java"))
                .toList();
    }
}
