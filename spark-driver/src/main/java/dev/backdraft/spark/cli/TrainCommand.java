package dev.backdraft.spark.cli;

import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.storage.DirectoryLock;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Trains a network and writes model, history and configuration. */
@Command(
        name = "train",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = "Train a network; writes model.backdraft, history.csv and config.json.",
        footer = {
            "",
            "Settings in NAME:KEY=VALUE are those of the configuration file; the value none switches off"
                    + " what the file switches on.",
            "docs/command-line.md and docs/configuration.md explain all of them."
        })
final class TrainCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "Output directory.")
    private String out;

    @Option(names = "--overwrite", description = "Replace the files of an earlier run in --out.")
    private boolean overwrite;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Settings as JSON; options override them. The config.json of an earlier run gives the same"
                    + " run again.")
    private String config;

    @Mixin(name = "Checkpoints")
    private CheckpointOptions written;

    @Option(
            names = "--resume",
            description =
                    "Continue from the checkpoint in --out, with its config.json: that of --checkpoint-every, or of a"
                            + " training that Ctrl-C or SIGTERM ended. The result has the bits of a"
                            + " run that was never interrupted. --epochs may be larger, unless --schedule depends on it, as"
                            + " cosine, flat-cosine, coslog4, one-cycle, polynomial, step and warm-up do without a"
                            + " length of their own.")
    private boolean resume;

    @Option(
            names = "--resume-or-start",
            description = "Resume when --out has a checkpoint, otherwise start a new run: one command for the start and"
                    + " every restart, as Kubernetes needs it. Requires --checkpoint-every.")
    private boolean resumeOrStart;

    @Option(
            names = "--change",
            paramLabel = "KEY=VALUE",
            description =
                    "With --resume: continue with another value of a setting, on purpose: epochs, learningRate, schedule,"
                            + " scheduleUnit, batchGrowth or onDivergence. The model's provenance tells of it. May be repeated.")
    private List<String> changes = List.of();

    @Mixin(name = "Data")
    private DataOptions data;

    @Mixin(name = "Columns")
    private TableOptions columns;

    @Mixin(name = "Rows with invalid values")
    private InvalidOption invalid;

    @Mixin(name = "Network and loss")
    private NetworkOptions network;

    @Mixin(name = "Training")
    private TrainingOptions training;

    @Mixin(name = "Epochs and learning rate")
    private ScheduleOptions schedule;

    @Mixin(name = "Regularization")
    private RegularizationOptions regularization;

    @Mixin(name = "Measuring, stopping, averaging")
    private StoppingOptions stopping;

    @Mixin(name = "Where it runs")
    private RunOptions running;

    @Mixin(name = "What it shows")
    private ProgressOptions shown;

    @Override
    public Integer call() throws IOException {
        if (resume && overwrite) {
            throw new UsageException("--resume needs the files that --overwrite would replace: use only one of them");
        }
        if (resumeOrStart && (resume || overwrite)) {
            throw new UsageException("--resume-or-start decides by the files in --out whether to resume: remove "
                    + (resume ? "--resume" : "--overwrite"));
        }
        if (!changes.isEmpty() && !resume) {
            throw new UsageException("--change is for --resume: a new run takes its settings from their options");
        }
        RunDirectory.checkLock(out, resumeOrStart); // the training that holds it may yet write a checkpoint
        RunDirectory directory = directory();
        Settings settings = settings(directory);
        if (settings.initialModel() != null) {
            settings.initialModel().checkIsNot(directory.model());
        }
        if (resumeOrStart && settings.checkpoints().interval() == null) {
            throw new UsageException("--resume-or-start needs checkpoints to resume from: add --checkpoint-every 1");
        }
        PrintWriter err = spec.commandLine().getErr();
        try (RunCheckpoints checkpoints = new RunCheckpoints(directory, settings.checkpoints(), resume, err);
                Interruption interruption = new Interruption(directory, checkpoints, err)) {
            try {
                return train(directory, settings, checkpoints, interruption);
            } catch (RuntimeException | IOException e) {
                if (!interruption.isTakenOver()) {
                    throw e;
                }
            }
        }
        return 0; // after a signal, the JVM ends with its number
    }

    private int train(RunDirectory directory, Settings settings, RunCheckpoints checkpoints, Interruption interruption)
            throws IOException {
        try (LazySession session = new LazySession(Sessions.master(settings.master()))) {
            TrainingSetup setup = TrainingSetup.of(settings, session);
            try (PreparedTraining prepared = setup.prepare()) {
                if (shown.form() != ProgressOptions.Form.JSON) {
                    InvalidOption.report(settings, prepared, spec.commandLine().getOut());
                }
                setup.checkTest(prepared.fit());
                try (DirectoryLock lock = directory.lock()) { // the first file in the directory
                    lock.keepRenewing();
                    if (resumeOrStart && !resume && directory.hasCheckpoint()) {
                        throw new UsageException(directory.checkpoints()
                                + ": another training has written a checkpoint meanwhile: run the same command again");
                    }
                    try {
                        return train(directory, settings, checkpoints, interruption, setup, prepared);
                    } finally {
                        checkpoints.close(); // while the directory is ours
                    }
                }
            }
        }
    }

    private int train(
            RunDirectory directory,
            Settings settings,
            RunCheckpoints checkpoints,
            Interruption interruption,
            TrainingSetup setup,
            PreparedTraining prepared)
            throws IOException {
        PrintWriter console = spec.commandLine().getOut();
        ProgressOptions.Form form = shown.form();
        RunConfig record = new RunConfig(directory.config(), settings, setup, prepared, resume, changed());
        Progress progress = new Progress(console, setup.describe(prepared), prepared.plan(), form);
        Model model;
        try (progress;
                History history = new History(directory.history(), resume)) {
            model = prepared.train(
                    checkpoints.start(changed()), List.of(record, progress, history, checkpoints, interruption));
            directory
                    .model()
                    .replace(stream -> ModelFile.write(model, stream)); // whether or not the history can be closed
        } catch (DivergedException e) {
            spec.commandLine().getErr().println("backdraft: " + e.getMessage());
            interruption.saveLastGood(record);
            return Main.DIVERGED;
        }
        Evaluation evaluation = interruption.isRequested() ? null : setup.evaluate(model);
        record.finished(model, evaluation);
        progress.finished(directory.model(), model, evaluation);
        if (interruption.isRequested()) {
            interruption.report();
        } else if (form != ProgressOptions.Form.JSON && form != ProgressOptions.Form.QUIET) {
            checkpoints.suggestMore(console);
        }
        if (prepared.fit().isHopeless(record.end())) {
            spec.commandLine()
                    .getErr()
                    .println("backdraft: the training diverged: the loss of the model is more than 100 times that of a"
                            + " constant answer; the model is saved all the same");
            return Main.DIVERGED;
        }
        return 0;
    }

    private Set<String> changed() {
        return changes.stream()
                .map(change -> change.substring(0, Math.max(0, change.indexOf('='))))
                .collect(Collectors.toSet());
    }

    private void putChanges(Settings settings) {
        for (String change : changes) {
            int equals = change.indexOf('=');
            String key = change.substring(0, Math.max(0, equals));
            if (!Checkpoint.changeable().contains(key)) {
                throw new UsageException("--change: '" + change + "' must be KEY=VALUE, where KEY is one of "
                        + String.join(", ", Checkpoint.changeable()));
            }
            settings.put("--change", key, Settings.number(change.substring(equals + 1)));
        }
    }

    /** Takes the output directory, and decides between resuming and starting when the user leaves that open. */
    private RunDirectory directory() throws IOException {
        if (resumeOrStart) {
            RunDirectory directory = RunDirectory.toResumeOrStart(out);
            resume = directory.hasCheckpoint();
            return directory;
        }
        return resume ? RunDirectory.toGoOn(out) : RunDirectory.forNewRun(out, overwrite);
    }

    private Settings settings(RunDirectory directory) throws IOException {
        boolean ofTheRun = resume && config == null && directory.config().exists();
        Settings settings = Settings.of(ofTheRun ? directory.config().name() : config);
        data.putInto(settings);
        columns.putInto(settings);
        invalid.putInto(settings);
        network.putInto(settings);
        training.putInto(settings);
        schedule.putInto(settings);
        regularization.putInto(settings);
        stopping.putInto(settings);
        running.putInto(settings);
        putChanges(settings);
        written.putInto(settings);
        return settings;
    }
}
