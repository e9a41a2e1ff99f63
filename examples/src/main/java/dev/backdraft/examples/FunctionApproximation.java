package dev.backdraft.examples;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.layer.Dense;
import dev.backdraft.layer.Elementwise;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.Network;
import dev.backdraft.schedule.Polynomial;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * How well one hidden layer of D units can follow a curve. With ReLU units the network's output is a line with a bend for each
 * unit, so more units follow more closely; in the limit they follow any continuous curve (Cybenko 1989; Prince 2023, section
 * 3.2).
 *
 * <p>The curve is {@code f(x) = sin πx + 0.4 cos 4πx} on [−1, 1], known at 200 points. Biases start normally distributed, so
 * that the bends lie scattered over the interval and not all at 0. Descent may still end where bends are of no use, the sooner
 * the fewer units there are, so each width is trained from several starts and the best is drawn.
 */
public final class FunctionApproximation {
    private static final int POINTS = 200;

    /** What can be set on the command line. */
    static final class Options {
        @Option(
                names = "--units",
                defaultValue = "3,10,30,100",
                split = ", *",
                description = "hidden units of each network")
        @AtLeast(1)
        int[] units;

        @Option(names = "--epochs", defaultValue = "4000", description = "epochs of each training")
        @AtLeast(1)
        int epochs;

        @Option(names = "--rate", defaultValue = "0.01", description = "learning rate")
        @Positive
        double rate;

        @Option(names = "--starts", defaultValue = "5", description = "trainings of each network")
        @AtLeast(1)
        int starts;

        @Option(names = "--seed", defaultValue = "1", description = "seed of the first training")
        @AtLeast(0)
        int seed;

        @Option(names = "--out", defaultValue = "function-approximation.svg", description = "the picture to write")
        Path out;
    }

    private FunctionApproximation() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), FunctionApproximation::run);
    }

    /** A network's fit: its outputs at the points of {@link #x}. */
    record Fit(int units, int parameters, double[] outputs) {
        /** Root of the mean squared distance from the curve. */
        double error() {
            double squares = 0;
            for (int i = 0; i < outputs.length; i++) {
                squares += Math.pow(outputs[i] - curve(x(i)), 2);
            }
            return Math.sqrt(squares / outputs.length);
        }
    }

    static void run(Options options, PrintStream out) throws IOException {
        int epochs = options.epochs;
        double rate = options.rate;
        int starts = options.starts;
        int seed = options.seed;
        out.printf(Locale.ROOT, "root mean squared distance from the curve, of %d starts%n", starts);
        out.println("hidden units  parameters     best   median    worst");
        Chart chart = new Chart(
                "One hidden layer of ReLU units, the best of " + starts, Axis.linear("x"), Axis.linear("f(x)"));
        chart.dashed("the curve", xs(), curves());
        for (int units : options.units) {
            List<Fit> fits = fits(units, epochs, rate, starts, seed);
            out.printf(
                    Locale.ROOT,
                    "%12d %11d %8.4f %8.4f %8.4f%n",
                    units,
                    fits.get(0).parameters(),
                    fits.get(0).error(),
                    fits.get(starts / 2).error(),
                    fits.get(starts - 1).error());
            chart.line(units + " units", xs(), fits.get(0).outputs());
        }
        out.println("picture: " + Chart.write(options.out, chart));
    }

    /** Fits from n starts with consecutive seeds; the best comes first. */
    static List<Fit> fits(int units, int epochs, double rate, int starts, long seed) {
        List<Fit> fits = new ArrayList<>();
        for (int start = 0; start < starts; start++) {
            fits.add(fit(units, epochs, rate, seed + start));
        }
        fits.sort(Comparator.comparingDouble(Fit::error));
        return fits;
    }

    private static double curve(double x) {
        return Math.sin(Math.PI * x) + 0.4 * Math.cos(4 * Math.PI * x);
    }

    private static double x(int point) {
        return 2.0 * point / (POINTS - 1) - 1;
    }

    private static double[] xs() {
        double[] xs = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            xs[i] = x(i);
        }
        return xs;
    }

    private static double[] curves() {
        double[] curves = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            curves[i] = curve(x(i));
        }
        return curves;
    }

    /** Trains one hidden layer by Adam on all points, at a rate that falls to 0. */
    static Fit fit(int units, int epochs, double rate, long seed) {
        List<Example> rows = new ArrayList<>();
        Matrix x = Matrix.zeros(1, POINTS);
        for (int i = 0; i < POINTS; i++) {
            x.set(0, i, (float) x(i));
            rows.add(Example.dense(new float[] {(float) x(i)}, curve(x(i))));
        }
        Network network = Network.builder(1)
                .add(new Dense(1, units, true, new HeNormal(), new HeNormal()))
                .add(new Elementwise(new Relu(), units))
                .dense(1)
                .build();
        TrainingConfig config = TrainingConfig.standard() // Adam
                .withLearningRate(rate)
                .withSchedule(new Polynomial())
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs)
                .withSeed(seed);
        TrainingState state = TrainingState.start(network, config);
        InMemory.train(network, new SquaredError(), config, rows, state);
        Matrix y = new Backpropagation(network, new SquaredError(), POINTS).forward(state.result(), x);
        double[] outputs = new double[POINTS];
        for (int i = 0; i < POINTS; i++) {
            outputs[i] = y.get(0, i);
        }
        return new Fit(units, network.parameterCount(), outputs);
    }
}
