package dev.backdraft.spark.cli;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** How Spark is started, and what is known of it before it is. */
final class Sessions {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,.*)?])?");

    private Sessions() {}

    /** The master that a session will have: the option, else spark-submit's, else {@code local[*]}. */
    static String master(String option) {
        return option != null ? option : new SparkConf().get("spark.master", "local[*]");
    }

    /** Whether Spark's settings ask for what only a running Spark shows: its pages, event log, metrics or a plug-in. */
    static boolean isWatched() {
        SparkConf conf = new SparkConf();
        return conf.contains("spark.plugins")
                || conf.getBoolean("spark.ui.enabled", false)
                || conf.getBoolean("spark.eventLog.enabled", false)
                || conf.getAllWithPrefix("spark.metrics.").length > 0;
    }

    static boolean isLocal(String master) {
        return LOCAL.matcher(master).matches();
    }

    /** Threads of a local master: those it names, else one for each processor. */
    static int threads(String master) {
        Matcher matcher = LOCAL.matcher(master);
        if (!matcher.matches() || "*".equals(matcher.group(1))) {
            return Runtime.getRuntime().availableProcessors();
        }
        return matcher.group(1) == null ? 1 : Math.max(1, Integer.parseInt(matcher.group(1)));
    }

    /** Starts Spark, or takes the session that runs. The user's settings win over those made here. */
    static SparkSession start(String master) {
        SparkConf conf = new SparkConf();
        conf.setMaster(master);
        conf.setIfMissing("spark.app.name", "Backdraft");
        conf.setIfMissing("spark.locality.wait", "0s"); // else a replaced executor gets no tasks while others are busy
        conf.setIfMissing("spark.task.maxDirectResultSize", "100m"); // gradients come back without a detour
        conf.setIfMissing("spark.broadcast.compress", "false"); // parameters do not get smaller, only later
        conf.setIfMissing("spark.ui.retainedJobs", "100"); // each step may be a job: Spark would keep the last thousand
        conf.setIfMissing("spark.ui.retainedStages", "100");
        conf.setIfMissing("spark.ui.retainedTasks", "10000");
        conf.setIfMissing("spark.ui.showConsoleProgress", "false");
        conf.setIfMissing("spark.executorEnv.OPENBLAS_NUM_THREADS", "1"); // the parallelism is ours
        String blas = System.getProperty("backdraft.blas", System.getenv("BACKDRAFT_BLAS"));
        if (blas != null) {
            conf.setIfMissing("spark.executorEnv.BACKDRAFT_BLAS", blas);
        }
        if (isLocal(master)) {
            conf.setIfMissing("spark.ui.enabled", "false");
            conf.setIfMissing("spark.driver.host", "127.0.0.1");
            conf.setIfMissing("spark.driver.bindAddress", "127.0.0.1");
        }
        return SparkSession.builder().config(conf).getOrCreate();
    }
}
