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
        boolean submitted = new SparkConf().contains("spark.app.submitTime");
        return (submitted ? "backdraft " : "./backdraft ") + arguments;
    }
}
