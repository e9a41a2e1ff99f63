package dev.backdraft.spark.internal;

import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkContext$;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.SparkHadoopUtil;
import org.apache.spark.sql.SparkSession;
import scala.Option;

/** Hadoop's settings as Spark makes them of the Hadoop files on the class path and {@code spark.hadoop.*}. */
public final class HadoopSettings {
    private HadoopSettings() {}

    /**
     * The settings of this JVM: on the driver those of the running application, with what it has set since on {@code
     * SparkContext.hadoopConfiguration()}; on an executor those that the application began with; and before Spark runs
     * those that spark-submit or system properties give.
     */
    public static Configuration current() {
        Option<SparkContext> spark = SparkContext$.MODULE$.getActive();
        if (spark.isDefined() && !spark.get().isStopped()) {
            return spark.get().hadoopConfiguration();
        }
        SparkEnv executor = SparkEnv.get();
        SparkConf settings = executor == null ? new SparkConf() : executor.conf();
        return SparkHadoopUtil.get().newConfiguration(settings);
    }

    /** The settings of a session, which include what was set on it alone. */
    public static Configuration of(SparkSession session) {
        return session.sessionState().newHadoopConf();
    }
}
