package dev.backdraft.spark.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.sql.SparkSession;

/** How Spark is started, and what is known of it before it is. */
final class Sessions {
    private static final Pattern LOCAL = Pattern.compile("local(?:\\[(\\*|\\d+)(?:,.*)?])?");

    private static final String STANDALONE = "spark://";
    private static final int REACH_MILLIS = 10_000;

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

    /** Whether a command runs on Spark when nothing else is said: on a cluster, or where Spark's settings ask for what only it shows. */
    static boolean runsOnSpark(String master) {
        return !isLocal(master) || isWatched();
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
        checkInstallation(master, System.getenv());
        checkReachable(master);
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
        try {
            SparkSession session = SparkSession.builder().config(conf).getOrCreate();
            if (session.sparkContext().isStopped()) {
                throw new UsageException(
                        "--master " + master + ": the master did not accept this application: is it a Spark"
                                + " master of version " + session.version() + "?");
            }
            return session;
        } catch (Exception e) { // Spark throws checked ones that it does not declare
            if (String.valueOf(e.getMessage()).contains("Could not parse Master URL")) {
                throw new UsageException("--master " + master + ": Spark knows no such master: give local[*], local[4],"
                        + " local-cluster[2,1,1024], spark://HOST:7077, yarn or k8s://URL");
            }
            throw e;
        }
    }

    /**
     * Checks that a standalone master can be connected to: Spark would try for a minute, and print stack traces.
     *
     * @param master {@code spark://HOST:PORT}, or several of them with commas; others are not looked at
     */
    static void checkReachable(String master) {
        if (!master.startsWith(STANDALONE)) {
            return;
        }
        List<String> faults = new ArrayList<>();
        for (String address : master.substring(STANDALONE.length()).split(",", -1)) {
            int colon = address.lastIndexOf(':');
            if (colon < 0 || !address.substring(colon + 1).matches("\\d{1,5}")) {
                return; // Spark says what is wrong with it
            }
            String host = address.substring(0, colon).replaceAll("[\\[\\]]", "");
            try (Socket socket = new Socket()) {
                socket.connect(
                        new InetSocketAddress(host, Integer.parseInt(address.substring(colon + 1))), REACH_MILLIS);
                return;
            } catch (UnknownHostException e) {
                faults.add("unknown host " + host);
            } catch (IOException | IllegalArgumentException e) {
                faults.add(address + ": " + e.getMessage());
            }
        }
        throw new UsageException("--master " + master + ": no Spark master answers (" + String.join("; ", faults)
                + "): check the address, and that the master is running");
    }

    /**
     * Checks that a master whose executors are started from an installation of Spark finds one.
     *
     * @param environment of this process
     */
    static void checkInstallation(String master, Map<String, String> environment) {
        if (!master.startsWith("local-cluster")) {
            return;
        }
        String needs = "--master " + master + " starts executors from an installation of Spark, ";
        String remedy = ": start with bin/spark-submit of a Spark download, or use --master local[*], which needs none";
        String home = environment.get("SPARK_HOME");
        if (home == null || home.isBlank()) {
            throw new UsageException(needs + "and SPARK_HOME is not set" + remedy);
        }
        if (!Files.isDirectory(Path.of(home, "jars"))) {
            throw new UsageException(needs + "but SPARK_HOME is " + home + ", which has no subdirectory jars" + remedy);
        }
        if (environment.get("SPARK_SCALA_VERSION") == null) { // Spark's launcher wants to know it
            throw new UsageException(needs + "and SPARK_SCALA_VERSION is not set, which spark-submit does" + remedy);
        }
    }
}
