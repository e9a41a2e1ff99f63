package dev.backdraft.spark.cli;

import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Where a training is computed. */
final class RunOptions {
    /** Takes the name of a route, or {@code auto} for the one that suits the master, case-insensitively. */
    static final class RouteName implements ITypeConverter<String> {
        @Override
        public String convert(String value) {
            String name = value.toLowerCase(Locale.ROOT);
            if (!Settings.ROUTES.contains(name)) {
                throw new TypeConversionException(
                        "expected one of " + Settings.ROUTES + " (case-insensitive) but was '" + value + "'");
            }
            return name;
        }
    }

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else local[*]).")
    private String master;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Threads of this JVM, like --master local[N] (default: one for each processor).")
    private Integer threads;

    @Option(
            names = "--aggregation",
            paramLabel = "auto|local|job|resident",
            converter = RouteName.class,
            description =
                    "Where gradients are computed: by threads of this JVM (local), by one Spark job per step (job), or by"
                            + " resident workers (resident). auto, the default, is local for a local master, and on a cluster"
                            + " resident where possible, otherwise job. The result is the same, bit for bit.")
    private String aggregation;

    /** Threads are a local master, which takes the place of any other local one. */
    private void putThreads(Settings settings) {
        if (threads == null) {
            return;
        }
        if (threads < 1) {
            throw new UsageException("--threads must be at least 1: " + threads);
        }
        if (master != null) {
            throw new UsageException("--threads " + threads + " means --master local[" + threads
                    + "]: leave out --threads or --master " + master);
        }
        String before = Sessions.master(settings.master());
        if (!Sessions.isLocal(before)) {
            throw new UsageException("--threads is for training in this JVM, but the master is " + before
                    + ": leave out --threads, or add --master local[" + threads + "] instead");
        }
        settings.put("--threads", "master", "local[" + threads + "]");
    }

    void putInto(Settings settings) {
        putThreads(settings);
        settings.put("--master", "master", master);
        settings.put("--aggregation", "aggregation", aggregation);
    }
}
