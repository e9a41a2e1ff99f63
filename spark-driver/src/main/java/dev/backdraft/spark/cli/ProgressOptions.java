package dev.backdraft.spark.cli;

import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How a command shows its progress. */
final class ProgressOptions {
    /** The forms in which progress is shown. */
    enum Form {
        /** A table with a progress bar, for a terminal. */
        TABLE,
        /** A line for each epoch. */
        LINES,
        /** The table, how the steps run, and under each epoch where its time went. */
        VERBOSE_TABLE,
        /** A line for each epoch, with the learning rate and where the time went, and how the steps run. */
        VERBOSE,
        /** A JSON object on a line for each event. */
        JSON,
        /** The result alone. */
        QUIET
    }

    @Option(names = "--quiet", description = "Show only the result.")
    private boolean quiet;

    @Option(
            names = VerboseOption.NAME,
            description =
                    "Also show how a step runs and how much memory it takes, how the time of each epoch is divided,"
                            + " the log, and the stack trace of an unexpected error.")
    private boolean verbose;

    @Option(names = "--json-log", description = "Show each epoch, message and result as a JSON object, one per line.")
    private boolean jsonLog;

    /**
     * The form that was asked for; by default a table on a terminal, else lines. Shows the log, too, if that is wanted.
     *
     * @throws UsageException when several were asked for
     */
    Form form() {
        if (Stream.of(quiet, verbose, jsonLog).filter(asked -> asked).count() > 1) {
            throw new UsageException("--quiet, --verbose and --json-log exclude each other: use only one");
        }
        if (verbose) {
            Logs.showDetails();
        }
        if (quiet) {
            return Form.QUIET;
        }
        if (jsonLog) {
            return Form.JSON;
        }
        if (Terminal.tableWidth() > 0) {
            return verbose ? Form.VERBOSE_TABLE : Form.TABLE;
        }
        return verbose ? Form.VERBOSE : Form.LINES;
    }
}
