package dev.backdraft.spark.cli;

import dev.backdraft.train.engine.PreparedTraining;
import java.io.PrintWriter;
import java.util.Locale;
import picocli.CommandLine.Option;

/** What happens to rows with a value that is missing or not finite. */
final class InvalidOption {
    @Option(
            names = "--invalid",
            paramLabel = "error|skip",
            description = "What to do with a row that has an empty cell, NaN, a number that a float cannot hold, or a"
                    + " label that is not on the label scale: error (the default) refuses the data, skip leaves the"
                    + " row out and counts it. Text in place of a number is always an error.")
    private Handling invalid;

    boolean skips() {
        return invalid == Handling.SKIP;
    }

    void putInto(Settings settings) {
        settings.put("--invalid", "invalid", invalid == null ? null : invalid.text());
    }

    /** Prints how many rows a training skipped, if it was to skip any. */
    static void report(Settings settings, PreparedTraining prepared, PrintWriter console) {
        if (!settings.skipInvalid()) {
            return;
        }
        console.println(prepared.skipped());
        if (settings.validation() != null) {
            console.println("validation: " + prepared.skippedValidation());
        }
    }

    /** The choices. */
    enum Handling {
        ERROR,
        SKIP;

        /** The name in files and on the command line. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
