package dev.backdraft.spark.cli;

import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares the gradient of a user's network on a user's rows with numerical differentiation. */
@Command(
        name = "check-gradient",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        abbreviateSynopsis = true,
        description = {
            "Compare the gradient of the first mini-batch, at the initial weights and in training mode,"
                    + " with numerical differentiation. With --aggregation job, the gradient that a Spark job"
                    + " computes must also have the same bits.",
            "",
            "An error below 1e-3 of the largest derivative is normal for a smooth network in float32. At"
                    + " a kink, as in relu, numerical differences are wrong themselves: use --activation softplus"
                    + " to rule that out."
        })
final class CheckGradientCommand implements Callable<Integer> {
    /** The exit code when the gradient is not that of the loss. */
    static final int WRONG = 4;

    private static final int MOST_PARAMETERS = 200_000;

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--rows",
            paramLabel = "N",
            defaultValue = "32",
            description = "Rows of the mini-batch (default: ${DEFAULT-VALUE}).")
    private int rows;

    @Option(
            names = "--tolerance",
            paramLabel = "ERROR",
            defaultValue = "0.02",
            description = "Largest accepted error, as a share of the largest derivative (default: ${DEFAULT-VALUE}).")
    private double tolerance;

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

    @Mixin(name = "Where it runs")
    private RunOptions running;

    @Mixin(name = "What it shows")
    private VerboseOption verbose;

    @Override
    public Integer call() throws IOException {
        verbose.apply();
        Settings settings = settings();
        String master = Sessions.master(settings.master());
        PrintWriter console = spec.commandLine().getOut();
        StepPlan.Route route = settings.route();
        boolean distributed = route == null ? !Sessions.isLocal(master) : route != StepPlan.Route.LOCAL;
        Settings inJvm = settings();
        inJvm.put("--aggregation", "aggregation", StepPlan.Route.LOCAL.text());
        try (LazySession session = new LazySession(master)) {
            float[] gradient;
            GradientCheck check;
            try (PreparedTraining local = TrainingSetup.of(inJvm, session).prepare()) {
                InvalidOption.report(inJvm, local, console);
                Network checked = local.fit().network();
                if (checked.parameterCount() > MOST_PARAMETERS) {
                    throw new UsageException(String.format(
                            Locale.ROOT,
                            "%,d parameters take four passes each: check a network of at most %,d, with the same layers but"
                                    + " smaller",
                            checked.parameterCount(),
                            MOST_PARAMETERS));
                }
                gradient = gradient(local);
                check = check(local, gradient);
            }
            print(check, console);
            boolean same = !distributed || sameBits(settings, session, gradient, console);
            boolean right = check.maxRelativeError() <= tolerance && same;
            console.println(right ? "the gradient is correct" : "the gradient is NOT correct");
            return right ? 0 : WRONG;
        }
    }

    private Settings settings() throws IOException {
        Settings settings = Settings.of(config);
        data.putInto(settings);
        columns.putInto(settings);
        invalid.putInto(settings);
        network.putInto(settings);
        running.putInto(settings);
        settings.put("--rows", "batchSize", rows);
        return settings;
    }

    /** The gradient summed over the rows of the first step, at the start values. */
    private static float[] gradient(PreparedTraining training) {
        return training.source().gradient(1, 0, start(training)).gradient().clone();
    }

    private static float[] start(PreparedTraining training) {
        return training.fit().initialParameters();
    }

    private static GradientCheck check(PreparedTraining training, float[] gradient) {
        return GradientCheck.of(training.fit().network(), start(training), gradient, changed -> {
            GradientSum sum = training.source().gradient(1, 0, changed);
            return sum.losses().loss();
        });
    }

    private static boolean sameBits(Settings settings, LazySession session, float[] gradient, PrintWriter console)
            throws IOException {
        try (PreparedTraining spark = TrainingSetup.of(settings, session).prepare()) {
            boolean same = Arrays.equals(gradient(spark), gradient);
            console.println(
                    same ? "a Spark job computes the same bits" : "a Spark job computes DIFFERENT bits than this JVM");
            return same;
        }
    }

    private static void print(GradientCheck check, PrintWriter console) {
        console.println("worst entry of each matrix, of the gradient summed over the rows:");
        console.printf(Locale.ROOT, "%-28s %16s %16s %12s%n", "parameter", "backpropagation", "differences", "error");
        for (GradientCheck.Worst worst : check.matrices()) {
            console.printf(
                    Locale.ROOT,
                    "%-28s %16.6g %16.6g %12.1e%n",
                    "layer " + worst.layer() + " " + worst.parameter() + "[" + worst.row() + "," + worst.column() + "]",
                    worst.backpropagated(),
                    worst.numerical(),
                    worst.relativeError());
        }
        console.printf(Locale.ROOT, "largest error: %.1e of the largest derivative%n", check.maxRelativeError());
    }
}
