package dev.backdraft.spark.cli;

import java.util.Locale;
import picocli.CommandLine.Option;

/** Where a training is computed. */
final class RunOptions {
    /** Where gradients are computed. */
    enum Aggregation {
        AUTO,
        LOCAL,
        JOB,
        RESIDENT;

        /** The name in files and on the command line. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else local[*]).")
    private String master;

    @Option(
            names = "--aggregation",
            paramLabel = "auto|local|job|resident",
            description =
                    "Where gradients are computed: by threads of this JVM (local), by one Spark job per step (job), or by"
                            + " resident workers (resident). auto, the default, is local for a local master, and on a cluster"
                            + " resident where possible, otherwise job. The result is the same, bit for bit.")
    private Aggregation aggregation;

    void putInto(Settings settings) {
        settings.put("--master", "master", master);
        settings.put("--aggregation", "aggregation", aggregation == null ? null : aggregation.text());
    }
}
