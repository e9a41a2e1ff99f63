package dev.backdraft.examples;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.layer.Dense;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * The smallest thing that learns: one weight, which turns miles into kilometres, found by gradient descent from ten examples.
 *
 * <p>The model is {@code y = w x} and the loss {@code E(w) = 1/N Σ (w xₙ − tₙ)²}, with slope {@code 2 S (w − w*)} where {@code S
 * = 1/N Σ xₙ²}. So each step multiplies the error of w by {@code 1 − 2 η S}: at a small rate η that is close to 1 and learning
 * slow, at {@code 1/(2 S)} one step would do, and beyond {@code 1/S} the error grows. The example shows one of each.
 */
public final class MilesToKilometres {
    /** Kilometres in a mile, by definition since 1959. */
    static final double KILOMETRES = 1.609344;

    /** What can be set on the command line. */
    static final class Options {
        @Option(
                names = "--rates",
                defaultValue = "0.0005,0.005,0.0265",
                split = ", *",
                description = "learning rates to try")
        @Positive
        double[] rates;

        @Option(names = "--epochs", defaultValue = "60", description = "steps with each rate")
        @AtLeast(1)
        int epochs;

        @Option(names = "--out", defaultValue = "miles-to-kilometres.svg", description = "the picture to write")
        Path out;
    }

    private MilesToKilometres() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), MilesToKilometres::run);
    }

    /**
     * How one rate fared.
     *
     * @param losses of each epoch, at the weight that it starts from
     * @param weight at the end
     */
    record Course(double rate, double[] losses, double weight) {}

    static void run(Options options, PrintStream out) throws IOException {
        double[] rates = options.rates;
        int epochs = options.epochs;
        List<Course> courses = new ArrayList<>();
        out.printf(Locale.ROOT, "the loss rises with rates above %.5f%n", 1 / meanSquare());
        out.println("  rate  error times, a step  loss at first    at last  kilometres in a mile");
        for (double rate : rates) {
            Course course = learn(rate, epochs);
            courses.add(course);
            out.printf(
                    Locale.ROOT,
                    "%6.4f %20.4f %14.4f %10.3g %21.6f%n",
                    rate,
                    1 - 2 * rate * meanSquare(),
                    course.losses()[0],
                    course.losses()[epochs - 1],
                    course.weight());
        }
        out.println("picture: " + Chart.write(options.out, chart(courses)));
    }

    private static List<Example> rows() {
        List<Example> rows = new ArrayList<>();
        for (int miles = 1; miles <= 10; miles++) {
            rows.add(Example.dense(new float[] {miles}, KILOMETRES * miles));
        }
        return rows;
    }

    /** S = 1/N Σ xₙ². */
    static double meanSquare() {
        double sum = 0;
        for (Example row : rows()) {
            sum += row.values()[0] * row.values()[0];
        }
        return sum / rows().size();
    }

    /** Descends from w = 0 for n epochs, each of one step on all rows. */
    static Course learn(double rate, int epochs) {
        Network network = new Network(List.of(new Dense(1, 1, false, new Zeros(), new Zeros())));
        TrainingConfig config = TrainingConfig.standard()
                .withOptimizer(new Sgd())
                .withLearningRate(rate)
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs);
        TrainingState state = TrainingState.start(network, config);
        double[] losses = new double[epochs];
        InMemory.train(
                network,
                new SquaredError(),
                config,
                rows(),
                state,
                result -> losses[result.epoch() - 1] = result.loss());
        return new Course(rate, losses, state.result()[0]);
    }

    private static Chart chart(List<Course> courses) {
        Chart chart = new Chart(
                "Miles to kilometres: learning curves",
                Axis.linear("epoch"),
                Axis.logarithmic("mean squared error, km²"));
        for (Course course : courses) {
            double[] epochs = new double[course.losses().length];
            for (int i = 0; i < epochs.length; i++) {
                epochs[i] = i + 1;
            }
            chart.line("rate " + Axis.text(course.rate()), epochs, course.losses());
        }
        return chart;
    }
}
