package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.train.LearningRateCurve;
import dev.backdraft.train.engine.LearningRateRange;
import dev.backdraft.train.engine.LearningRateTrials;
import dev.backdraft.train.engine.PreparedTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Finds a learning rate by a range test. */
@Command(
        name = "find-learning-rate",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Suggest a learning rate, and write a table of what was measured. Nothing else is written.",
            "",
            "First a range test (Smith 2017): the learning rate grows from mini-batch to mini-batch until the smoothed loss has"
                    + " grown to 4 times its smallest value. The smaller of the rate where the loss falls fastest and a tenth of"
                    + " the rate where it is lowest is the middle of what is tried next: 0.3, 1, 3 and 10 times that rate train"
                    + " for 100 updates from three starts each. The suggestion is the smallest rate whose validation loss is"
                    + " at most 5 %% above the lowest. A fifth of the rows is kept back for that, unless --config says otherwise."
                    + " Epochs, schedule and learning rate of --config are not used."
        })
final class FindLearningRateCommand implements Callable<Integer> {
    private static final int MOST_LINES = 26;
    private static final int WIDTH = 48; // of the longest bar
    private static final int BESIDE_BAR = 51; // the numbers, and the mark of the steepest line
    private static final double TRIED_ON = 0.2; // of the rows

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--from",
            paramLabel = "RATE",
            defaultValue = "1e-7",
            description = "The first rate (default: ${DEFAULT-VALUE}).")
    private double from;

    @Option(
            names = "--to",
            paramLabel = "RATE",
            defaultValue = "10",
            description = "The last rate (default: ${DEFAULT-VALUE}).")
    private double to;

    @Option(
            names = "--steps",
            paramLabel = "N",
            defaultValue = "100",
            description = "Mini-batches (default: ${DEFAULT-VALUE}).")
    private int steps;

    @Option(
            names = "--smoothing",
            paramLabel = "β",
            defaultValue = "0.9",
            description = "Smoothing of the displayed loss: β of an exponential average (default: ${DEFAULT-VALUE}).")
    private double smoothing;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            defaultValue = "learning-rate.csv",
            description = "The table to write (default: ${DEFAULT-VALUE}).")
    private String out;

    @Option(names = "--overwrite", description = "Replace --out when it exists.")
    private boolean overwrite;

    @Option(names = "--config", paramLabel = "FILE", description = "Settings as JSON, as for train.")
    private String config;

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

    @Mixin(name = "Regularization")
    private RegularizationOptions regularization;

    @Mixin(name = "Where it runs")
    private RunOptions running;

    @Mixin(name = "What it shows")
    private VerboseOption verbose;

    @Override
    public Integer call() throws IOException {
        verbose.apply();
        OutputFile file = new OutputFile(out);
        if (file.exists() && !overwrite) {
            throw new UsageException(out + ": this file exists: choose a different --out, or add --overwrite");
        }
        LearningRateRange range = UsageException.check(null, () -> new LearningRateRange(from, to, steps, smoothing));
        Settings settings = Settings.of(config);
        data.putInto(settings);
        columns.putInto(settings);
        invalid.putInto(settings);
        network.putInto(settings);
        training.putInto(settings);
        regularization.putInto(settings);
        running.putInto(settings);
        try (LazySession session = new LazySession(Sessions.master(settings.master()));
                PreparedTraining prepared = prepare(settings, session)) {
            InvalidOption.report(settings, prepared, spec.commandLine().getOut());
            LearningRateCurve curve = UsageException.check(null, () -> range.measure(prepared));
            file.replace(stream -> stream.write(csv(curve).getBytes(StandardCharsets.UTF_8)));
            OptionalDouble middle = curve.suggestion();
            List<LearningRateTrials.Trial> trials =
                    middle.isEmpty() ? List.of() : new LearningRateTrials().run(prepared, middle.getAsDouble());
            print(curve, trials, spec.commandLine().getOut());
        }
        return 0;
    }

    /** With a share of the rows for validation, unless the settings say otherwise, or the rows are too few for that. */
    private static PreparedTraining prepare(Settings settings, LazySession session) throws IOException {
        boolean ours = settings.putValidationIfAbsent(TRIED_ON);
        try {
            return TrainingSetup.of(settings, session).prepare();
        } catch (DataException e) {
            if (!ours) {
                throw e;
            }
            settings.putNoValidation(); // the trials then compare training losses; other faults show again
            return TrainingSetup.of(settings, session).prepare();
        }
    }

    private static String csv(LearningRateCurve curve) {
        List<List<String>> records =
                new ArrayList<>(List.of(List.of("step", "learning_rate", "loss", "smoothed_loss")));
        for (LearningRateCurve.Point point : curve.points()) {
            records.add(List.of(
                    Integer.toString(point.step()),
                    Double.toString(point.rate()),
                    Double.toString(point.loss()),
                    Double.toString(point.smoothed())));
        }
        return CsvText.lines(records);
    }

    private void print(LearningRateCurve curve, List<LearningRateTrials.Trial> trials, PrintWriter console) {
        if (curve.points().isEmpty()) {
            console.println("the loss is not a finite number at the start: check the data, or add --standardize");
            return;
        }
        drawCurve(curve.points(), curve.steepest(), console);
        LearningRateCurve.Point lowest = curve.lowest();
        console.printf(
                Locale.ROOT,
                "lowest smoothed loss: %.4g, at a learning rate of %.2g%n",
                lowest.smoothed(),
                lowest.rate());
        if (curve.grown()) {
            double last = curve.points().get(curve.points().size() - 1).rate();
            console.printf(Locale.ROOT, "ended at %.2g, where the loss diverged%n", last);
        } else {
            console.printf(Locale.ROOT, "the loss did not diverge up to %.2g: try a larger --to%n", to);
        }
        for (LearningRateTrials.Trial trial : trials) {
            console.printf(
                    Locale.ROOT, "tried: %.2g, loss after 100 updates %s%n", trial.rate(), lossText(trial.loss()));
        }
        OptionalDouble suggestion = LearningRateTrials.suggestion(trials);
        if (suggestion.isPresent()) {
            console.printf(Locale.ROOT, "suggestion: --learning-rate %.2g%n", suggestion.getAsDouble());
        } else {
            console.println("no suggestion: the loss does not clearly fall; try a different --from and --to, more"
                    + " --steps, or a larger --batch-size");
        }
        console.println("table: " + out);
    }

    private static String lossText(double loss) {
        return Double.isFinite(loss) ? String.format(Locale.ROOT, "%.4g", loss) : "not finite";
    }

    /** A line for every few steps, with a bar as long as the smoothed loss. */
    private static void drawCurve(List<LearningRateCurve.Point> points, OptionalDouble steepest, PrintWriter console) {
        double largest = points.get(0).smoothed();
        double smallest = Math.min(0, largest);
        for (LearningRateCurve.Point point : points) {
            largest = Math.max(largest, point.smoothed());
            smallest = Math.min(smallest, point.smoothed());
        }
        int columns = Terminal.width() == 0 ? BESIDE_BAR + WIDTH : Terminal.width();
        int width = Math.max(1, Math.min(WIDTH, columns - BESIDE_BAR));
        int every = (points.size() + MOST_LINES - 1) / MOST_LINES;
        console.printf(Locale.ROOT, "%13s %11s %11s%n", "learning rate", "loss", "smoothed");
        for (int i = 0; i < points.size(); i += every) {
            LearningRateCurve.Point point = points.get(i);
            long length = Math.round(width * (point.smoothed() - smallest) / Math.max(largest - smallest, 1e-300));
            double next = i + every < points.size() ? points.get(i + every).rate() : Double.POSITIVE_INFINITY;
            boolean here =
                    steepest.isPresent() && steepest.getAsDouble() >= point.rate() && steepest.getAsDouble() < next;
            console.printf(
                    Locale.ROOT,
                    "%13.2e %11.4g %11.4g %s%s%n",
                    point.rate(),
                    point.loss(),
                    point.smoothed(),
                    "#".repeat((int) length),
                    here ? "  <- steepest" : "");
        }
    }
}
