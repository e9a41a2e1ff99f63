package dev.backdraft.spark.engine.resident;

import org.apache.spark.SparkContext;

/**
 * The one class that uses names which are private to Spark: public in its class files, but not promised. Written for Spark 4; in
 * another version a name may be missing, which shows as a {@link LinkageError} here and nowhere else.
 */
final class SparkInternals {
    private SparkInternals() {}

    /** The number of tasks that Spark can run at once now. */
    static int slots(SparkContext spark) {
        try {
            return spark.maxNumConcurrentTasks(spark.resourceProfileManager().defaultResourceProfile());
        } catch (LinkageError e) {
            return spark.defaultParallelism();
        }
    }
}
