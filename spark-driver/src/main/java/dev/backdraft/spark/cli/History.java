package dev.backdraft.spark.cli;

import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Keeps each epoch as a line of {@code history.csv}, which is there from the first epoch on. Its columns are those of the first
 * epoch. A resumed run keeps the lines up to its checkpoint, and appends to them.
 */
final class History implements TrainingListener, AutoCloseable {
    private final OutputFile file;
    private final boolean goesOn;
    private List<String> metrics; // names of the columns between the usual ones
    private List<String> earlier = List.of(); // lines of the run that this one goes on from, with the header
    private Writer writer;

    History(OutputFile file, boolean goesOn) {
        this.file = file;
        this.goesOn = goesOn;
    }

    @Override
    public void started(Fit fit, TrainingState state) {
        if (goesOn) {
            try {
                earlier = file.exists() ? linesUpTo(state.epoch()) : List.of();
            } catch (IOException e) {
                throw new UncheckedIOException(file.failure("cannot read ", e));
            }
        }
    }

    private List<String> linesUpTo(int epoch) throws IOException {
        List<String> lines = new ArrayList<>();
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(file.open(), StandardCharsets.UTF_8))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (lines.isEmpty() || isUpTo(epoch, line)) {
                    lines.add(line);
                }
            }
        }
        return lines;
    }

    private static boolean isUpTo(int epoch, String line) {
        try {
            return Integer.parseInt(line.substring(0, Math.max(0, line.indexOf(',')))) <= epoch;
        } catch (NumberFormatException e) {
            return false; // cut off when the earlier run was
        }
    }

    @Override
    public void epochEnded(EpochResult result) {
        try {
            if (writer == null) {
                begin(result);
            }
            CsvText.to(writer).writeRecord(record(result));
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(file.failure("cannot write ", e));
        }
    }

    private void begin(EpochResult first) throws IOException {
        metrics = List.copyOf(first.furtherMetrics().keySet());
        StringWriter start = new StringWriter();
        if (earlier.isEmpty()) {
            CsvText.to(start).writeRecord(header());
        }
        for (String line : earlier) {
            start.write(line + "\n");
        }
        writer = new OutputStreamWriter(file.create(start.toString()), StandardCharsets.UTF_8);
    }

    private List<String> header() {
        List<String> names =
                new ArrayList<>(List.of("epoch", "loss", "accuracy", "validation_loss", "validation_accuracy"));
        names.addAll(metrics);
        names.addAll(List.of("learning_rate", "rows_per_second", "seconds", "compute_seconds", "combine_seconds"));
        names.addAll(List.of("publish_seconds", "update_seconds", "wait_seconds", "bytes_sent", "bytes_received"));
        return names;
    }

    private List<String> record(EpochResult result) {
        List<String> record = new ArrayList<>(List.of(
                Integer.toString(result.epoch()),
                cell(result.loss()),
                cell(result.accuracy()),
                cell(result.validationLoss()),
                cell(result.validationAccuracy())));
        metrics.forEach(name -> record.add(cell(result.value(name))));
        record.add(Double.toString(result.learningRate()));
        record.add(String.format(Locale.ROOT, "%.0f", result.rowsPerSecond()));
        record.add(seconds(result.seconds()));
        record.addAll(times(result));
        return record;
    }

    /** Cells of where the time went; empty ones when that is not known. */
    private static List<String> times(EpochResult result) {
        StepTimes times = result.times();
        if (result.shares() == null) {
            return Collections.nCopies(7, "");
        }
        return List.of(
                seconds(times.computeNanos() / 1e9),
                seconds(times.combineNanos() / 1e9),
                seconds(times.publishNanos() / 1e9),
                seconds(result.updateSeconds()),
                seconds(times.waitNanos() / 1e9),
                Long.toString(times.bytesSent()),
                Long.toString(times.bytesReceived()));
    }

    private static String seconds(double value) {
        return String.format(Locale.ROOT, "%.3f", value);
    }

    private static String cell(double value) {
        return Double.isNaN(value) ? "" : Double.toString(value);
    }

    @Override
    public void close() throws IOException {
        if (writer != null) {
            try {
                writer.close();
            } catch (IOException e) {
                throw file.failure("cannot write ", e);
            }
        }
    }
}
