package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** Lets a command show its log. */
final class VerboseOption {
    static final String NAME = "--verbose";

    @Option(
            names = NAME,
            description = "Also show the log: how it runs, which Spark tasks failed and why, and the stack trace of an"
                    + " unexpected error.")
    private boolean verbose;

    /** Shows the log if that is wanted. */
    void apply() {
        if (verbose) {
            Logs.showDetails();
        }
    }

    boolean isSet() {
        return verbose;
    }
}
