package dev.backdraft.benchmarks.peer;

import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** Spark as {@code ./backdraft} starts it, in this JVM alone or with executors in JVMs of their own. */
public final class SparkSessions {
    private static final String EXECUTOR_MEGABYTES = "2048";

    private SparkSessions() {}

    /**
     * Starts a session.
     *
     * @param master {@code local[n]}, or {@code executors[n]} for n executor JVMs of one core on this machine
     */
    public static SparkSession start(String master) {
        SparkConf conf = new SparkConf()
                .setAppName("Backdraft benchmarks")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.locality.wait", "0s")
                .set("spark.task.maxDirectResultSize", "100m")
                .set("spark.broadcast.compress", "false")
                .set("spark.ui.retainedJobs", "100")
                .set("spark.ui.retainedStages", "100")
                .set("spark.ui.retainedTasks", "10000")
                .set("spark.ui.showConsoleProgress", "false")
                .set("spark.executorEnv.OPENBLAS_NUM_THREADS", "1");
        if (System.getProperty("backdraft.blas") != null) {
            conf.set("spark.executorEnv.BACKDRAFT_BLAS", System.getProperty("backdraft.blas"));
        }
        if (master.startsWith("executors[")) {
            String count = master.substring("executors[".length(), master.length() - 1);
            conf.setMaster("local-cluster[" + count + ",1," + EXECUTOR_MEGABYTES + "]")
                    .set("spark.default.parallelism", count)
                    .set("spark.executor.memory", EXECUTOR_MEGABYTES + "m")
                    .set("spark.executor.extraClassPath", System.getProperty("java.class.path"))
                    .set("spark.scheduler.minRegisteredResourcesRatio", "1") // else the first job may find one only
                    .set("spark.scheduler.maxRegisteredResourcesWaitingTime", "120s");
            String logging = System.getProperty("log4j2.configurationFile");
            if (logging != null) {
                conf.set("spark.executor.extraJavaOptions", "-Dlog4j2.configurationFile=" + logging);
            }
        } else {
            conf.setMaster(master);
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
