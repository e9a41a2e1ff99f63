package dev.backdraft.spark.cli;

import org.apache.spark.SparkConf;

/** How the user starts Backdraft, for messages that say what to run next. */
final class Launcher {
    private Launcher() {}

    /**
     * A command line as the user would write it: {@code ./backdraft train --resume}, without {@code ./} under
     * spark-submit.
     */
    static String command(String arguments) {
        return (isSubmitted() ? "backdraft " : "./backdraft ") + arguments;
    }

    /** Whether spark-submit started this JVM. */
    private static boolean isSubmitted() {
        return new SparkConf().contains("spark.app.submitTime");
    }

    /** Where the user sets the memory of this JVM. */
    static String memory() {
        return isSubmitted()
                ? "spark-submit takes the memory of the driver from --driver-memory"
                : "./backdraft takes -Xmx from BACKDRAFT_JAVA_OPTS";
    }

    /** Where the user adds an option of Java to all processes; nothing where the launcher adds it. */
    static String vector() {
        return isSubmitted()
                ? ": with spark-submit, add --driver-java-options --add-modules=jdk.incubator.vector and --conf"
                        + " spark.executor.extraJavaOptions=--add-modules=jdk.incubator.vector"
                : "";
    }
}
