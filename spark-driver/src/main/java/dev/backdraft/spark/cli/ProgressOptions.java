package dev.backdraft.spark.cli;

import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How a command shows its progress. */
final class ProgressOptions {
    private static final String TERMINAL = "backdraft.terminal"; // set by the launcher when it writes to a terminal

    /** The forms in which progress is shown. */
    enum Form {
        /** A table with a progress bar, for a terminal. */
        TABLE,
        /** A line for each epoch. */
        LINES,
        /** A line for each epoch, with the learning rate and where the time went. */
        VERBOSE,
        /** A JSON object on a line for each event. */
        JSON,
        /** The result alone. */
        QUIET
    }

    @Option(names = "--quiet", description = "Show only the result.")
    private boolean quiet;

    @Option(
            names = "--verbose",
            description = "Show one line per epoch, with the learning rate and how the time is divided.")
    private boolean verbose;

    @Option(names = "--json-log", description = "Show each epoch, message and result as a JSON object, one per line.")
    private boolean jsonLog;

    /**
     * The form that was asked for; by default a table on a terminal, else lines.
     *
     * @throws UsageException when several were asked for
     */
    Form form() {
        if (Stream.of(quiet, verbose, jsonLog).filter(asked -> asked).count() > 1) {
            throw new UsageException("--quiet, --verbose and --json-log exclude each other: use only one");
        }
        if (quiet) {
            return Form.QUIET;
        }
        if (jsonLog) {
            return Form.JSON;
        }
        return verbose ? Form.VERBOSE : terminalWidth() > 0 ? Form.TABLE : Form.LINES;
    }

    /** Columns of the terminal, 0 when there is none. */
    static int terminalWidth() {
        return Math.max(0, Integer.getInteger(TERMINAL, 0));
    }
}
