package dev.backdraft.examples;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.examples.chart.Contours;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.LossSum;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Why stochastic descent is more than a cheap approximation: the loss of the two parameters of a {@linkplain GaborLayer Gabor
 * model} has many local minima. Batch descent ends in the valley that it starts in; stochastic descent, whose batches each see
 * another loss, can leave it, and from more starts ends at the global minimum.
 *
 * <p>Source: Prince 2023, "Understanding Deep Learning", sections 6.1.2 and 6.2, figures 6.4 to 6.6. The rows here are our own, drawn
 * by the seed: x uniform in [−15, 15], y from the model with φ = (0, 16.6) and normal noise of deviation 0.1.
 */
public final class GaborModel {
    private static final double MIN_0 = -10; // φ₀ of the starts and of the picture
    private static final double MAX_0 = 10;
    private static final double MIN_1 = 2.5; // φ₁
    private static final double MAX_1 = 22.5;
    private static final double NEAR = 1; // of the global minimum, in both parameters
    private static final long ROWS = 0x726f7773L; // purposes of the random streams
    private static final long STARTS = 0x737461727473L;

    private final Network network;
    private final SquaredError loss = new SquaredError();
    private final List<Example> rows;
    private final Matrix x;
    private final Matrix target;
    private final Backpropagation backpropagation;

    /** With rows drawn by the seed. */
    GaborModel(int count, long seed) {
        this(new GaborLayer(), count, seed);
    }

    /** With another width. */
    GaborModel(GaborLayer layer, int count, long seed) {
        network = new Network(List.of(layer));
        SplitMix random = SplitMix.at(seed, ROWS, 0, 0);
        Backpropagation truth = new Backpropagation(network, loss, 1);
        Matrix one = Matrix.zeros(1, 1);
        rows = new ArrayList<>();
        x = Matrix.zeros(1, count);
        target = Matrix.zeros(1, count);
        for (int n = 0; n < count; n++) {
            one.set(0, 0, (float) (30 * random.nextDouble() - 15));
            double y = truth.forward(new float[] {0, 16.6f}, one).get(0, 0) + 0.1 * random.nextGaussian();
            x.set(0, n, one.get(0, 0));
            target.set(0, n, (float) y);
            rows.add(Example.dense(new float[] {x.get(0, n)}, target.get(0, n)));
        }
        backpropagation = new Backpropagation(network, loss, count);
    }

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--width", defaultValue = "32", description = "w in exp(-u^2/w)")
        @Positive
        double width;

        @Option(names = "--starts", defaultValue = "200", description = "starting points")
        @AtLeast(1)
        int starts;

        @Option(names = "--rows", defaultValue = "30", description = "training rows")
        @AtLeast(2)
        int rows;

        @Option(names = "--batch", defaultValue = "3", description = "batch size of the stochastic descent")
        @AtLeast(1)
        int batch;

        @Option(names = "--rate", defaultValue = "4", description = "learning rate")
        @Positive
        double rate;

        @Option(names = "--epochs", defaultValue = "1000", description = "epochs from each starting point")
        @AtLeast(1)
        int epochs;

        @Option(names = "--seed", defaultValue = "1", description = "seed of the rows and the starting points")
        @AtLeast(0)
        int seed;

        @Option(names = "--out", defaultValue = "gabor.svg", description = "the picture to write")
        java.nio.file.Path out;
    }

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), GaborModel::run);
    }

    /** The parameters (φ₀, φ₁) at the start and after each epoch. */
    record Path(double[] phi0, double[] phi1) {
        double last0() {
            return phi0[phi0.length - 1];
        }

        double last1() {
            return phi1[phi1.length - 1];
        }
    }

    static void run(Options options, PrintStream out) throws IOException {
        int seed = options.seed;
        GaborModel model = new GaborModel(new GaborLayer(options.width), options.rows, seed);
        double[] minimum = model.globalMinimum();
        out.printf(
                Locale.ROOT,
                "global minimum: loss %.5f at phi0 = %.3f, phi1 = %.3f%n",
                model.loss(minimum[0], minimum[1]),
                minimum[0],
                minimum[1]);
        int starts = options.starts;
        int epochs = options.epochs;
        double rate = options.rate;
        List<Chart> charts = new ArrayList<>();
        out.println("descent     batch  starts  ended near the global minimum  median loss at the end");
        for (int batch : new int[] {BatchLayout.FULL_BATCH, options.batch}) {
            List<Path> paths = model.descend(starts, batch, rate, epochs, seed);
            boolean full = batch == BatchLayout.FULL_BATCH;
            double[] losses = paths.stream()
                    .mapToDouble(path -> model.loss(path.last0(), path.last1()))
                    .sorted()
                    .toArray();
            out.printf(
                    Locale.ROOT,
                    "%-10s %6s %7d %30d %23.5f%n",
                    full ? "batch" : "stochastic",
                    full ? "all" : batch,
                    starts,
                    paths.stream().filter(path -> isNear(path, minimum)).count(),
                    losses[starts / 2]);
            charts.add(model.chart(
                    full ? "Gabor model: batch descent" : "Gabor model: stochastic descent", paths, minimum));
        }
        out.println("picture: " + Chart.write(options.out, charts.toArray(new Chart[0])));
    }

    static boolean isNear(Path path, double[] minimum) {
        return Math.abs(path.last0() - minimum[0]) < NEAR && Math.abs(path.last1() - minimum[1]) < NEAR;
    }

    /** Mean squared error over all rows. */
    double loss(double phi0, double phi1) {
        LossSum sum = new LossSum();
        backpropagation.addLoss(new float[] {(float) phi0, (float) phi1}, x, target, null, sum);
        return sum.meanLoss();
    }

    /** (φ₀, φ₁): the best point of a fine grid, improved by ever smaller steps along the axes. */
    double[] globalMinimum() {
        double[] best = {0, 0};
        double least = Double.POSITIVE_INFINITY;
        for (double phi0 = MIN_0; phi0 <= MAX_0; phi0 += 0.1) {
            for (double phi1 = MIN_1; phi1 <= MAX_1; phi1 += 0.1) {
                if (loss(phi0, phi1) < least) {
                    least = loss(phi0, phi1);
                    best = new double[] {phi0, phi1};
                }
            }
        }
        double step = 0.1;
        while (step > 1e-4) {
            double before = least;
            for (double[] move : new double[][] {{step, 0}, {-step, 0}, {0, step}, {0, -step}}) {
                double moved = loss(best[0] + move[0], best[1] + move[1]);
                if (moved < least) {
                    least = moved;
                    best = new double[] {best[0] + move[0], best[1] + move[1]};
                }
            }
            step = least < before ? step : step / 2;
        }
        return best;
    }

    /** Trains from n starts, drawn by the seed uniformly over the rectangle of the picture. */
    List<Path> descend(int starts, int batch, double rate, int epochs, long seed) {
        SplitMix random = SplitMix.at(seed, STARTS, 0, 0);
        List<Path> paths = new ArrayList<>();
        for (int start = 0; start < starts; start++) {
            float[] phi = {
                (float) (MIN_0 + (MAX_0 - MIN_0) * random.nextDouble()),
                (float) (MIN_1 + (MAX_1 - MIN_1) * random.nextDouble())
            };
            TrainingConfig config = TrainingConfig.standard()
                    .withOptimizer(new Sgd())
                    .withLearningRate(rate)
                    .withBatchSize(batch)
                    .withLanes(1)
                    .withEpochs(epochs)
                    .withSeed(start);
            double[] phi0 = new double[epochs + 1];
            double[] phi1 = new double[epochs + 1];
            phi0[0] = phi[0];
            phi1[0] = phi[1];
            TrainingState state = TrainingState.startFrom(network, config, phi);
            InMemory.train(network, loss, config, rows, state, result -> {
                phi0[result.epoch()] = state.parameters()[0];
                phi1[result.epoch()] = state.parameters()[1];
            });
            paths.add(new Path(phi0, phi1));
        }
        return paths;
    }

    private Chart chart(String title, List<Path> paths, double[] minimum) {
        Chart chart = new Chart(
                title, Axis.linear("φ₀").within(MIN_0, MAX_0), Axis.linear("φ₁").within(MIN_1, MAX_1));
        double lowest = loss(minimum[0], minimum[1]);
        for (int i = 1; i <= 8; i++) {
            Contours contours = Contours.of(this::loss, lowest + 0.045 * i, MIN_0, MAX_0, MIN_1, MAX_1, 80);
            chart.faint(contours.x(), contours.y());
        }
        for (int i = 0; i < Math.min(5, paths.size()); i++) {
            chart.line(
                    "path from start " + (i + 1),
                    paths.get(i).phi0(),
                    paths.get(i).phi1());
        }
        double[] last0 = paths.stream().mapToDouble(Path::last0).toArray();
        double[] last1 = paths.stream().mapToDouble(Path::last1).toArray();
        chart.points("ends of all paths", last0, last1);
        return chart.points("global minimum", Arrays.copyOf(minimum, 1), Arrays.copyOfRange(minimum, 1, 2));
    }
}
