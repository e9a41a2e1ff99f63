package dev.backdraft.spark.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Columns;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.json.JsonText;
import dev.backdraft.linalg.Blas;
import dev.backdraft.metric.Metric;
import dev.backdraft.model.Model;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

/**
 * Writes {@code config.json}: every setting of a run as it was resolved, from which {@code --config} makes the same run again,
 * and under {@code run} what it ran on and came to. It is there from the start of the training, so that a run that is
 * interrupted can go on from it.
 */
final class RunConfig implements TrainingListener {
    /** What changes nothing of the result, or is checked by what is in the files. */
    private static final List<String> MAY_CHANGE = List.of(
            "data",
            "labels",
            "format",
            "separator",
            "header",
            Settings.INITIAL_MODEL,
            "epochs",
            "master",
            "aggregation",
            Settings.CHECKPOINT_EVERY,
            Settings.KEEP_CHECKPOINTS,
            Settings.CHECKPOINT_FAILURE);

    private static final ObjectNode USUAL = JsonText.read(JsonText.write(TrainingJson.write(new TrainingConfig())));

    private final OutputFile file;
    private final Settings settings;
    private final TrainingSetup setup;
    private final StepPlan plan;
    private final boolean goesOn;
    private final Set<String> changed;
    private final long skipped;
    private ObjectNode config;
    private TrainingEnd end; // null until the training has ended

    /** @param changed keys of settings that may differ from those of the run that goes on */
    RunConfig(
            OutputFile file,
            Settings settings,
            TrainingSetup setup,
            PreparedTraining training,
            boolean goesOn,
            Set<String> changed) {
        this.changed = changed;
        this.file = file;
        this.settings = settings;
        this.setup = setup;
        plan = training.plan();
        this.goesOn = goesOn;
        skipped = training.skipped().total();
    }

    @Override
    public void started(Fit fit, TrainingState state) {
        config = resolved(settings, setup.request(), fit);
        try {
            if (goesOn) {
                checkSame();
            }
            describeRun(fit, state);
            write();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Sees that a run goes on with the settings that it began with, when its file is there. */
    private void checkSame() throws IOException {
        try {
            if (file.exists()) {
                checkSame(JsonText.read(file.readText()));
            }
        } catch (IOException e) {
            throw file.failure("cannot read ", e);
        }
    }

    private void checkSame(ObjectNode before) {
        ObjectNode now = JsonText.read(JsonText.write(config)); // so that numbers are of the same types
        now.properties().forEach(setting -> {
            String key = setting.getKey();
            JsonNode earlier = before.path(key);
            boolean newKey = earlier.isMissingNode() // of a later version, not set
                    && (setting.getValue().isNull() || setting.getValue().equals(USUAL.get(key)));
            if (!MAY_CHANGE.contains(key) && !changed.contains(key) && !newKey && !earlier.equals(setting.getValue())) {
                throw new UsageException("--resume: " + key + " was " + earlier + " in "
                        + file + ", but is " + setting.getValue()
                        + " now: continue with the same settings, "
                        + (Checkpoint.changeable().contains(key)
                                ? "change it on purpose with --change " + key + "=VALUE, "
                                : "")
                        + "or start again without --resume");
            }
        });
    }

    private void describeRun(Fit fit, TrainingState state) {
        ObjectNode run = config.putObject(Settings.RUN);
        run.put("version", Main.Version.current());
        run.put("java", System.getProperty("java.version"));
        run.put("blas", Blas.backend());
        run.put("master", setup.master());
        run.put("aggregation", plan.route().text());
        run.put("workers", plan.workers());
        run.put("lanes", plan.lanes());
        run.put("trainingRows", fit.rows());
        run.put("dataFingerprint", fit.fingerprint());
        run.put("skippedRows", skipped);
        if (!state.changes().isEmpty()) {
            run.put("changes", state.changes());
        }
    }

    /** All settings with what the data has settled. */
    static ObjectNode resolved(Settings settings, TrainingRequest request, Fit fit) {
        ObjectNode json = settings.onData();
        json.put("label", fit.preprocessing().labelName());
        if (fit.preprocessing().columns() instanceof Columns columns) {
            json.put("kinds", ColumnSettings.text(columns.kinds()));
        }
        if (fit.initial() != null) {
            json.put(Settings.INITIAL_MODEL_SHA256, fit.initial().sha256());
        }
        ObjectNode training = TrainingJson.write(request.withLoss(fit.loss()));
        training.remove("validationFraction"); // it is the number under "validation"
        if (request.validationFraction() > 0) {
            json.put("validation", request.validationFraction());
        }
        json.setAll(training);
        json.setAll(settings.onRunning());
        return json;
    }

    @Override
    public void epochEnded(EpochResult result) {}

    @Override
    public void ended(TrainingEnd reached) {
        end = reached;
    }

    /** How the training has ended; null until then. */
    TrainingEnd end() {
        return end;
    }

    /**
     * Adds the result of the run.
     *
     * @param test the evaluation on the test rows; null without any
     */
    void finished(Model model, Evaluation test) throws IOException {
        ObjectNode run = (ObjectNode) config.get(Settings.RUN);
        run.put("epochs", end.epochs());
        run.put("ended", end.reason());
        if (end.skippedUpdates() > 0) {
            run.put("skippedUpdates", end.skippedUpdates());
        }
        if (end.rollbacks() > 0) {
            run.put("rollbacks", end.rollbacks());
        }
        if (end.figures() != null) {
            run.put("weightsOfEpoch", end.figures().epoch());
            ObjectNode values = run.putObject("values");
            end.figures().values().forEach(values::put);
        }
        if (test != null) {
            ObjectNode figures = run.putObject("test");
            figures.put("rows", test.rows());
            figures.put("loss", test.loss());
            for (Metric metric : test.metrics()) {
                if (Double.isFinite(test.value(metric))) {
                    figures.put(metric.label(), test.value(metric));
                }
            }
        }
        run.put("weightsSha256", model.weightsSha256());
        write();
    }

    private void write() throws IOException {
        byte[] text = JsonText.write(config).getBytes(StandardCharsets.UTF_8);
        file.replace(out -> out.write(text));
    }
}
