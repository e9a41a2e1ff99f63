package dev.backdraft.spark.cli;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.engine.SparkTraining;
import dev.backdraft.train.LocalTraining;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.SparkSession;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
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
        description = "Train a network; writes model.backdraft, history.csv and config.json.")
final class TrainCommand implements Callable<Integer> {
    private static final Logger LOG = LoggerFactory.getLogger(TrainCommand.class);

    enum Aggregation {
        AUTO,
        LOCAL,
        JOB
    }

    @Spec
    private CommandSpec spec;

    @Mixin
    private DataOptions input;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description = "A column of row weights, in CSV or Parquet: a row counts like so many rows.")
    private String weight;

    @Option(
            names = "--validation",
            paramLabel = "FILE|FRACTION",
            description = "Rows to measure the loss on after each epoch: a file like --data, or a share of its rows.")
    private String validation;

    @Option(
            names = "--validation-labels",
            paramLabel = "FILE",
            description = "The labels that go with IDX images of --validation.")
    private String validationLabels;

    @Mixin
    private TrainOptions training;

    @Option(
            names = "--master",
            paramLabel = "URL",
            description = "Spark's master (default: spark-submit's, else local[*]).")
    private String master;

    @Option(
            names = "--aggregation",
            defaultValue = "AUTO",
            paramLabel = "auto|local|job",
            description =
                    "Where gradients are computed: by threads of this JVM (local) or a Spark job a step (job). auto: local"
                            + " for a local master, else job. The result is the same, bit for bit.")
    private Aggregation aggregation;

    @Option(names = "--out", required = true, paramLabel = "DIR", description = "The directory to write into.")
    private String out;

    @Option(names = "--overwrite", description = "Replace the files of an earlier run in --out.")
    private boolean overwrite;

    @Override
    public Integer call() throws IOException {
        RunDirectory directory = RunDirectory.of(out, overwrite);
        double fraction = fraction();
        TrainingRequest request = training.request(fraction);
        Input rows = Input.forTraining(input, weight);
        Input held = validation == null || fraction > 0 ? null : Input.forTraining(validationInput(), weight);
        checkWidth(rows, request);
        String url = Sessions.master(master);
        PrintWriter console = spec.commandLine().getOut();
        Model model = train(request, rows, held, url, directory, console);
        write(model, directory);
        RunConfig.write(directory, training, input, weight, validation, url, runsLocally(url), model);
        console.println("model: " + directory.file("model.backdraft"));
        console.println("weights-sha256: " + model.weightsSha256());
        return 0;
    }

    private Model train(
            TrainingRequest request, Input rows, Input held, String url, RunDirectory directory, PrintWriter console)
            throws IOException {
        boolean local = runsLocally(url);
        if (local && !rows.needsSpark() && (held == null || !held.needsSpark())) {
            return trainLocally(request, rows, held, url, directory, console, () -> null);
        }
        SparkSession session = Sessions.start(url);
        try {
            if (local) {
                return trainLocally(request, rows, held, url, directory, console, () -> session);
            }
            LOG.info("gradients: one Spark job a step on {}", url);
            try (Progress progress = new Progress(console, directory)) {
                return new SparkTraining(JavaSparkContext.fromSparkContext(session.sparkContext()))
                        .train(
                                request,
                                rows.distributed(session),
                                held == null ? null : held.distributed(session),
                                TrainingStart.anew(),
                                List.of(progress));
            }
        } finally {
            session.stop();
        }
    }

    private static Model trainLocally(
            TrainingRequest request,
            Input rows,
            Input held,
            String url,
            RunDirectory directory,
            PrintWriter console,
            Supplier<SparkSession> session)
            throws IOException {
        int threads = Sessions.isLocal(url)
                ? Sessions.threads(url)
                : Runtime.getRuntime().availableProcessors();
        LOG.info("gradients: {} thread{} of this JVM", threads, threads == 1 ? "" : "s");
        try (Progress progress = new Progress(console, directory)) {
            return LocalTraining.train(
                    request,
                    rows.local(session),
                    held == null ? null : held.local(session),
                    threads,
                    TrainingStart.anew(),
                    List.of(progress));
        }
    }

    private boolean runsLocally(String url) {
        return aggregation == Aggregation.LOCAL || (aggregation == Aggregation.AUTO && Sessions.isLocal(url));
    }

    private static void write(Model model, RunDirectory directory) throws IOException {
        if (directory.isLocal()) {
            ModelFile.write(model, directory.localPath("model.backdraft"));
            return;
        }
        try (OutputStream stream = directory.create("model.backdraft")) {
            ModelFile.write(model, stream);
        }
    }

    private void checkWidth(Input rows, TrainingRequest request) {
        int found = rows.knownFeatureCount();
        if (found >= 0 && found != request.network().inputSize()) {
            throw new UsageException(String.format(
                    Locale.ROOT,
                    "--layers starts with %d, but %s has %d feature columns: start with %d, or check that --label names the"
                            + " right column",
                    request.network().inputSize(),
                    input.data,
                    found,
                    found));
        }
    }

    /** The share of rows kept back; 0 when {@code --validation} is absent or a file. */
    private double fraction() {
        if (validation == null) {
            return 0;
        }
        double share;
        try {
            share = Double.parseDouble(validation);
        } catch (NumberFormatException e) {
            return 0;
        }
        if (!(share > 0 && share < 1)) {
            throw new UsageException("--validation: a share of the rows is above 0 and below 1, not " + validation);
        }
        return share;
    }

    private DataOptions validationInput() {
        DataOptions options = new DataOptions();
        options.data = validation;
        options.format = input.format;
        options.labels = validationLabels;
        options.label = input.label;
        return options;
    }
}
