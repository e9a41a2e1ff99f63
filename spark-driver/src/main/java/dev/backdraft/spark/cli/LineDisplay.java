package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import java.io.PrintWriter;
import java.util.Locale;

/** Shows each epoch on a line, for logs and files. */
final class LineDisplay implements EpochDisplay {
    private final PrintWriter out;
    private final boolean verbose;

    /** @param verbose whether lines have the learning rate and where the time went */
    LineDisplay(PrintWriter out, boolean verbose) {
        this.out = out;
        this.verbose = verbose;
    }

    @Override
    public void epoch(EpochResult result, String left) {
        StringBuilder line = new StringBuilder(String.format(
                Locale.ROOT, "epoch %,d/%,d | loss %.4f", result.epoch(), result.epochs(), result.loss()));
        append(line, " | accuracy %.4f", result.accuracy());
        append(line, " | validation loss %.4f", result.validationLoss());
        append(line, " | validation accuracy %.4f", result.validationAccuracy());
        result.furtherMetrics().forEach((name, value) -> append(line, " | " + name + " %.4f", value));
        if (verbose) {
            line.append(" | learning rate ").append(result.learningRate());
        }
        append(line, " | %,.0f rows/s", result.rowsPerSecond());
        if (verbose && result.shares() != null) {
            line.append(" | ").append(result.shares());
        }
        out.println(line.append(" | ").append(left).append(" left"));
    }

    private static void append(StringBuilder line, String format, double value) {
        if (!Double.isNaN(value)) {
            line.append(String.format(Locale.ROOT, format, value));
        }
    }

    @Override
    public void note(String text) {
        out.println(text);
    }
}
