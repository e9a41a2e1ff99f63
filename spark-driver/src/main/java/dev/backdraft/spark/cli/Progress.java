package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Shows each epoch as a line, and keeps it in {@code history.csv}, which is there from the first epoch on. */
final class Progress implements TrainingListener, AutoCloseable {
    private static final String COLUMNS =
            "epoch,loss,accuracy,validation_loss,validation_accuracy,learning_rate," + "rows_per_second,seconds\n";

    private final PrintWriter out;
    private final RunDirectory directory;
    private final long start = System.nanoTime();
    private Writer history;

    Progress(PrintWriter out, RunDirectory directory) {
        this.out = out;
        this.directory = directory;
    }

    @Override
    public void epochEnded(EpochResult result) {
        out.println(line(result));
        try {
            if (history == null) {
                history = new OutputStreamWriter(directory.create("history.csv"), StandardCharsets.UTF_8);
                history.write(COLUMNS);
            }
            history.write(String.format(
                    Locale.ROOT,
                    "%d,%s,%s,%s,%s,%s,%.0f,%.3f%n",
                    result.epoch(),
                    cell(result.loss()),
                    cell(result.accuracy()),
                    cell(result.validationLoss()),
                    cell(result.validationAccuracy()),
                    result.learningRate(),
                    result.rowsPerSecond(),
                    result.seconds()));
            history.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + directory.file("history.csv"), e);
        }
    }

    private String line(EpochResult result) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "epoch %d/%d | loss %.4f", result.epoch(), result.epochs(), result.loss()));
        append(line, " | accuracy %.4f", result.accuracy());
        append(line, " | validation loss %.4f", result.validationLoss());
        append(line, " | validation accuracy %.4f", result.validationAccuracy());
        line.append(" | learning rate ").append(result.learningRate());
        append(line, " | %,.0f rows/s", result.rowsPerSecond());
        double elapsed = (System.nanoTime() - start) / 1e9;
        long left = Math.round(elapsed / result.epoch() * (result.epochs() - result.epoch()));
        return line.append(String.format(Locale.ROOT, " | %d:%02d left", left / 60, left % 60))
                .toString();
    }

    private static void append(StringBuilder line, String format, double value) {
        if (!Double.isNaN(value)) {
            line.append(String.format(Locale.ROOT, format, value));
        }
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    @Override
    public void close() throws IOException {
        if (history != null) {
            history.close();
        }
    }
}
