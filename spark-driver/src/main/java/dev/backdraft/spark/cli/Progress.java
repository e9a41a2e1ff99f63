package dev.backdraft.spark.cli;

import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.linalg.Blas;
import dev.backdraft.model.Model;
import dev.backdraft.schedule.Constant;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.plan.StepPlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/** Shows how a training runs, each epoch, and once advice when one part of the time stands out. */
final class Progress implements TrainingListener, AutoCloseable {
    private final PrintWriter out;
    private final List<String> description;
    private final StepPlan plan;
    private final ProgressOptions.Form form;
    private final EpochDisplay display;
    private final Adviser adviser;
    private final UndefinedMetrics undefined = new UndefinedMetrics();
    private Fit fit; // null before it starts
    private long start;
    private int before; // epochs of an earlier run

    /** @param description of the training, a line each */
    Progress(PrintWriter out, List<String> description, StepPlan plan, ProgressOptions.Form form) {
        this.out = out;
        this.description = description;
        this.plan = plan;
        this.form = form;
        display = switch (form) {
            case TABLE -> new TableDisplay(out, Terminal.tableWidth(), false);
            case VERBOSE_TABLE -> new TableDisplay(out, Terminal.tableWidth(), true);
            case LINES -> new LineDisplay(out, false);
            case VERBOSE -> new LineDisplay(out, true);
            case JSON -> new JsonDisplay(out);
            case QUIET -> new EpochDisplay() {};
        };
        adviser = new Adviser(plan);
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        start = System.nanoTime();
        before = state.epoch();
        int epochs = fit.config().epochs();
        description.forEach(display::note);
        if (Blas.fallback() != null) {
            String remedy = Blas.fallback().contains("--add-modules") ? Launcher.vector() : "";
            display.note(
                    "note: matrix products are several times slower than they could be: " + Blas.fallback() + remedy);
        }
        if (form != ProgressOptions.Form.TABLE && form != ProgressOptions.Form.LINES) {
            plan.sentences().forEach(display::note);
        }
        TrainingConfig config = fit.config();
        display.started(!config.schedule().equals(new Constant()) || config.reduceOnPlateau() != null);
        boolean refits =
                config.earlyStopping() != null && config.earlyStopping().refit();
        if (refits && state.isOver(config)) {
            display.note(String.format(Locale.ROOT, "the best of %,d epochs is known already", before));
            return;
        }
        if (before >= epochs || state.isStopped()) {
            String why = before >= epochs ? "all epochs are done" : "the training had ended early";
            display.note(String.format(Locale.ROOT, "nothing to do after epoch %,d of %,d: %s", before, epochs, why));
            return;
        }
        if (state.step() > 0) {
            display.note(String.format(
                    Locale.ROOT,
                    "continuing in epoch %,d of %,d, after step %,d",
                    before + 1,
                    epochs,
                    state.updates()));
        } else if (before > 0) {
            display.note(String.format(Locale.ROOT, "continuing after epoch %,d of %,d", before, epochs));
        }
        String advice = Adviser.beforeStart(plan);
        if (advice != null) {
            display.note("advice: " + advice);
        }
    }

    @Override
    public void stepDone(int epoch, long steps, long stepsPerEpoch) {
        display.step(epoch, (double) steps / stepsPerEpoch);
    }

    @Override
    public void epochEnded(EpochResult result) {
        display.epoch(result, left(result));
        result.metrics().forEach((name, value) -> {
            String note = undefined.noteOnce(name, value);
            if (note != null) {
                display.note("note: " + note);
            }
        });
        String advice = adviser.epochEnded(result);
        if (advice != null) {
            display.note("advice: " + advice);
        }
    }

    @Override
    public void refitStarted(long rows, int epochs) {
        display.note(String.format(
                Locale.ROOT, "training again for %,d epochs, as many as were best, on all %,d rows", epochs, rows));
    }

    @Override
    public void rolledBack(DivergedException cause, TrainingState state) {
        display.clear();
        display.note(OnDivergence.sentence(cause, state));
    }

    @Override
    public void ended(TrainingEnd end) {
        List<String> sentences = end.sentences();
        sentences.forEach(display::note);
        String warning = fit.warning(end);
        if (warning != null) {
            display.note(warning);
        }
    }

    /** The training has ended or failed: removes what is shown of an epoch that has not ended. */
    @Override
    public void close() {
        display.clear();
    }

    /**
     * Shows the result.
     *
     * @param test the evaluation on the test rows; null without any
     */
    void finished(OutputFile file, Model model, Evaluation test) {
        if (form == ProgressOptions.Form.JSON) {
            if (test != null) {
                display.test(test);
            }
            display.model(file.toString(), model.weightsSha256());
            return;
        }
        if (test != null) {
            out.println("on test rows, which the training never saw:");
            EvaluateCommand.print(model, test, out);
        }
        out.println("model: " + file);
        out.println("weights-sha256: " + model.weightsSha256());
        out.println("kernels: " + Blas.kernels());
    }

    private String left(EpochResult result) {
        double elapsed = (System.nanoTime() - start) / 1e9;
        int done = result.epoch() - before;
        long left = Math.round(elapsed / done * (result.epochs() - result.epoch()));
        return left < 3600
                ? String.format(Locale.ROOT, "%d:%02d", left / 60, left % 60)
                : String.format(Locale.ROOT, "%d:%02d:%02d", left / 3600, left / 60 % 60, left % 60);
    }
}
