package dev.backdraft.spark.cli;

import java.util.Map;
import org.apache.logging.log4j.Level;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.config.Configurator;

/**
 * What the log shows beyond warnings. The launcher hides it; {@code spark-submit} follows Spark's own configuration.
 */
final class Logs {
    private static final Map<String, Level> DETAILS = Map.of(
            "dev.backdraft", Level.INFO,
            "org.apache.spark.executor.Executor", Level.ERROR,
            "org.apache.spark.scheduler.TaskSetManager", Level.WARN,
            "org.apache.spark.deploy.client.StandaloneAppClient", Level.WARN,
            "org.apache.spark.scheduler.cluster.StandaloneSchedulerBackend", Level.WARN);

    private Logs() {}

    /** Shows how Backdraft runs, and which tasks failed and why. Nothing that is shown already is hidden. */
    static void showDetails() {
        DETAILS.forEach((name, level) -> {
            if (!LogManager.getLogger(name).isEnabled(level)) {
                Configurator.setLevel(name, level);
            }
        });
    }

    /** Hides what Spark says from now on, while it is stopped in the middle of its work, after all has been saved. */
    static void hideEndOfSpark() {
        Configurator.setLevel("org.apache.spark", Level.OFF);
    }
}
