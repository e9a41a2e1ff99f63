package dev.backdraft.spark.cli;

import dev.backdraft.train.Adviser;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.StepPlan;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows how the training runs, each epoch as a line, and once advice when a part of the time stands out. */
final class Progress implements TrainingListener {
    private static final List<String> SHOWN_ANYWAY = List.of("loss", "accuracy");

    private final PrintWriter out;
    private final StepPlan plan;
    private final Adviser adviser;
    private final UndefinedMetrics undefined = new UndefinedMetrics();
    private long start;
    private int before; // epochs of an earlier run

    Progress(PrintWriter out, StepPlan plan) {
        this.out = out;
        this.plan = plan;
        adviser = new Adviser(plan);
    }

    @Override
    public void started(Fit fit, TrainingState state) {
        start = System.nanoTime();
        before = state.epoch();
        int epochs = fit.config().epochs();
        out.println(plan);
        if (before >= epochs || state.isStopped()) {
            String why = before >= epochs ? "all epochs are done" : "the training has ended by itself";
            out.printf(Locale.ROOT, "nothing is left to do after epoch %d of %d: %s%n", before, epochs, why);
        } else if (before > 0) {
            out.printf(Locale.ROOT, "goes on after epoch %d of %d%n", before, epochs);
        }
    }

    @Override
    public void epochEnded(EpochResult result) {
        out.println(line(result));
        result.metrics().forEach((name, value) -> {
            String note = undefined.noteOnce(name, value);
            if (note != null) {
                out.println("note: " + note);
            }
        });
        String advice = adviser.epochEnded(result);
        if (advice != null) {
            out.println("advice: " + advice);
        }
    }

    @Override
    public void ended(TrainingEnd end) {
        end.sentences().forEach(out::println);
    }

    private String line(EpochResult result) {
        StringBuilder line = new StringBuilder(
                String.format(Locale.ROOT, "epoch %d/%d | loss %.4f", result.epoch(), result.epochs(), result.loss()));
        append(line, " | accuracy %.4f", result.accuracy());
        append(line, " | validation loss %.4f", result.validationLoss());
        append(line, " | validation accuracy %.4f", result.validationAccuracy());
        result.values().forEach((name, value) -> {
            if (!SHOWN_ANYWAY.contains(name)) {
                append(line, " | " + name + " %.4f", value);
            }
        });
        line.append(" | learning rate ").append(result.learningRate());
        append(line, " | %,.0f rows/s", result.rowsPerSecond());
        if (result.shares() != null) {
            line.append(" | ").append(result.shares());
        }
        double elapsed = (System.nanoTime() - start) / 1e9;
        int done = result.epoch() - before;
        long left = Math.round(elapsed / done * (result.epochs() - result.epoch()));
        return line.append(String.format(Locale.ROOT, " | %d:%02d left", left / 60, left % 60))
                .toString();
    }

    private static void append(StringBuilder line, String format, double value) {
        if (!Double.isNaN(value)) {
            line.append(String.format(Locale.ROOT, format, value));
        }
    }
}
