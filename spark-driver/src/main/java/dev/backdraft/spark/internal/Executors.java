package dev.backdraft.spark.internal;

import org.apache.spark.SparkContext;

/** The executors of an application, as its driver counts them. */
public final class Executors {
    private Executors() {}

    /** The number of executors that are there now. */
    public static int count(SparkContext spark) {
        return spark.getExecutorIds().size();
    }

    /**
     * The number of tasks that Spark can run at once now; where a version of Spark does not tell, the default
     * parallelism.
     */
    public static int slots(SparkContext spark) {
        try {
            return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
        } catch (LinkageError e) {
            return spark.defaultParallelism();
        }
    }
}
