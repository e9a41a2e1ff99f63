package dev.backdraft.spark.cli;

import dev.backdraft.train.LearningRateCurve;
import dev.backdraft.train.LearningRateRange;
import dev.backdraft.train.PreparedTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
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
            "Let the learning rate grow from mini-batch to mini-batch, show what becomes of the loss, and suggest a rate"
                    + " (Smith 2017). Writes a table of it, and nothing else.",
            "",
            "The suggestion is the smaller of the rate where the loss falls fastest and a tenth of the rate where it is"
                    + " lowest. The test ends when the smoothed loss has grown to 4 times its"
                    + " smallest value. Epochs, schedule and learning rate of --config do not count."
        })
final class FindLearningRateCommand implements Callable<Integer> {
    private static final int MOST_LINES = 26;
    private static final int WIDTH = 48;

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
            description =
                    "Of the shown loss: the average of losses, each counting β times as much as the next (default:"
                            + " ${DEFAULT-VALUE}).")
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
    private ColumnOptions columns;

    @Mixin(name = "Network and loss")
    private NetworkOptions network;

    @Mixin(name = "Training")
    private TrainingOptions training;

    @Mixin(name = "Regularization")
    private RegularizationOptions regularization;

    @Mixin(name = "Where it runs")
    private RunOptions running;

    @Override
    public Integer call() throws IOException {
        OutputFile file = new OutputFile(out);
        if (file.exists() && !overwrite) {
            throw new UsageException(out + ": this file exists: choose another with --out, or add --overwrite");
        }
        LearningRateRange range = UsageException.check(null, () -> new LearningRateRange(from, to, steps, smoothing));
        Settings settings = Settings.of(config);
        data.putInto(settings);
        columns.putInto(settings);
        network.putInto(settings);
        training.putInto(settings);
        regularization.putInto(settings);
        running.putInto(settings);
        try (LazySession session = new LazySession(Sessions.master(settings.master()));
                PreparedTraining prepared = TrainingSetup.of(settings, session).prepare()) {
            InvalidOption.report(settings, prepared, spec.commandLine().getOut());
            LearningRateCurve curve = UsageException.check(null, () -> range.measure(prepared));
            file.replace(stream -> stream.write(csv(curve).getBytes(StandardCharsets.UTF_8)));
            print(curve, spec.commandLine().getOut());
        }
        return 0;
    }

    private static String csv(LearningRateCurve curve) {
        StringBuilder csv = new StringBuilder("step,learning_rate,loss,smoothed_loss\n");
        for (LearningRateCurve.Point point : curve.points()) {
            csv.append(point.step()).append(',').append(point.rate()).append(',');
            csv.append(point.loss()).append(',').append(point.smoothed()).append('\n');
        }
        return csv.toString();
    }

    private void print(LearningRateCurve curve, PrintWriter console) {
        if (curve.points().isEmpty()) {
            console.println("the loss is no finite number at the start: check the data, or --standardize");
            return;
        }
        drawCurve(curve.points(), curve.steepest(), console);
        OptionalDouble suggestion = curve.suggestion();
        LearningRateCurve.Point lowest = curve.lowest();
        console.printf(
                Locale.ROOT,
                "lowest smoothed loss: %.4g, at a learning rate of %.2g%n",
                lowest.smoothed(),
                lowest.rate());
        if (curve.grown()) {
            double last = curve.points().get(curve.points().size() - 1).rate();
            console.printf(Locale.ROOT, "ended at %.2g, where the loss had grown too much%n", last);
        } else {
            console.printf(Locale.ROOT, "the loss did not grow too much up to %.2g: try a larger --to%n", to);
        }
        if (suggestion.isPresent()) {
            console.printf(
                    Locale.ROOT,
                    "suggestion: --learning-rate %.2g (the smaller of the steepest fall and a tenth of the rate of"
                            + " the lowest loss, by %d losses in a row)%n",
                    suggestion.getAsDouble(),
                    curve.window());
        } else {
            console.println(
                    "no suggestion: the loss does not clearly fall; try another --from and --to, more --steps, or a"
                            + " larger --batch-size");
        }
        console.println("table: " + out);
    }

    /** A line for every few steps, with a bar as long as the smoothed loss. */
    private static void drawCurve(List<LearningRateCurve.Point> points, OptionalDouble steepest, PrintWriter console) {
        double largest = points.get(0).smoothed();
        double smallest = Math.min(0, largest);
        for (LearningRateCurve.Point point : points) {
            largest = Math.max(largest, point.smoothed());
            smallest = Math.min(smallest, point.smoothed());
        }
        int every = (points.size() + MOST_LINES - 1) / MOST_LINES;
        console.printf(Locale.ROOT, "%13s %11s %11s%n", "learning rate", "loss", "smoothed");
        for (int i = 0; i < points.size(); i += every) {
            LearningRateCurve.Point point = points.get(i);
            long length = Math.round(WIDTH * (point.smoothed() - smallest) / Math.max(largest - smallest, 1e-300));
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
