package dev.backdraft.examples;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.initializer.Zeros;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.schedule.InverseTime;
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
 * One line between two classes, found three ways. The network is the same each time, {@code z = w x + b}, and so is the loop; only
 * loss, rate and batch differ:
 *
 * <ul>
 *   <li>the perceptron (Rosenblatt 1958): stochastic descent, one row a step, on a {@linkplain PerceptronLoss loss of our own},
 *       until an epoch passes without a mistake. On classes that a line can separate it makes at most (R/γ)² mistakes, R the
 *       length of the longest row and γ the best margin (Novikoff 1962), and stops at the first line that will do;
 *   <li>logistic regression: cross-entropy of the sigmoid, whose outputs are probabilities;
 *   <li>the linear support vector machine (Cortes and Vapnik 1995): hinge loss with a small L2 penalty, which looks for the line
 *       that is farthest from both classes.
 * </ul>
 *
 * <p>Points lie in a square, the classes on both sides of a line, none closer to it than half the gap. With noise, that share of
 * the labels is wrong: then the perceptron never ends, and the others hardly care.
 */
public final class TwoClasses {
    private static final double SIDE = 4; // half the side of the square
    private static final double[] NORMAL = {0.6, 0.8}; // of the true border, of length 1
    private static final double OFFSET = -0.5; // the border is where NORMAL · x + OFFSET = 0
    private static final int TEST_ROWS = 2000;
    private static final long POINTS = 0x706f696e7473L; // the purpose of the random stream

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--rows", defaultValue = "60", description = "points")
        @AtLeast(2)
        int rows;

        @Option(names = "--gap", defaultValue = "1.6", description = "distance between the classes")
        @AtLeast(0)
        double gap;

        @Option(names = "--noise", defaultValue = "0", description = "share of the labels that are wrong")
        @AtLeast(0)
        double noise;

        @Option(names = "--epochs", defaultValue = "2000", description = "epochs of each training")
        @AtLeast(1)
        int epochs;

        @Option(names = "--seed", defaultValue = "5", description = "seed of the points")
        @AtLeast(0)
        int seed;

        @Option(names = "--out", defaultValue = "two-classes.svg", description = "the picture to write")
        Path out;
    }

    private TwoClasses() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), TwoClasses::run);
    }

    /** The line w x + b = 0. */
    record Line(String name, double[] w, double b, int epochs, long mistakes) {
        double side(Example row) {
            return w[0] * row.values()[0] + w[1] * row.values()[1] + b;
        }

        double accuracy(List<Example> rows) {
            return rows.stream().filter(row -> side(row) > 0 == row.label() > 0).count() / (double) rows.size();
        }

        /** Distance of the nearest row from the line; negative when that is on the wrong side. */
        double margin(List<Example> rows) {
            double least = Double.POSITIVE_INFINITY;
            for (Example row : rows) {
                least = Math.min(least, (row.label() > 0 ? 1 : -1) * side(row) / Math.hypot(w[0], w[1]));
            }
            return least;
        }
    }

    static void run(Options options, PrintStream out) throws IOException {
        int seed = options.seed;
        int epochs = options.epochs;
        double gap = options.gap;
        double noise = options.noise;
        List<Example> rows = points(options.rows, gap, noise, seed, 0);
        List<Example> test = points(TEST_ROWS, gap, noise, seed, 1);
        List<Line> lines = List.of(perceptron(rows, epochs), logistic(rows, epochs), supportVectors(rows, epochs));
        out.println("                        accuracy  of new rows  margin  epochs  direction of w, degrees");
        for (Line line : lines) {
            out.printf(
                    Locale.ROOT,
                    "%-23s %8.4f %12.4f %7.3f %7d %24.1f%n",
                    line.name(),
                    line.accuracy(rows),
                    line.accuracy(test),
                    line.margin(rows),
                    line.epochs(),
                    Math.toDegrees(Math.atan2(line.w()[1], line.w()[0])));
        }
        out.printf(
                Locale.ROOT,
                "%-23s %8.4f %12.4f %7.3f %32.1f%n",
                "the true border",
                border().accuracy(rows),
                border().accuracy(test),
                border().margin(rows),
                Math.toDegrees(Math.atan2(NORMAL[1], NORMAL[0])));
        if (noise == 0) {
            out.printf(
                    Locale.ROOT,
                    "mistakes of the perceptron: %d, at most %.0f by Novikoff's bound%n",
                    lines.get(0).mistakes(),
                    mistakesAtMost(rows, lines.get(2)));
        }
        out.println("picture: " + Chart.write(options.out, chart(rows, lines)));
    }

    /** Points uniform over the square, but for the gap; another {@code part} gives others. */
    static List<Example> points(int count, double gap, double noise, long seed, int part) {
        SplitMix random = SplitMix.at(seed, POINTS, part, 0);
        List<Example> rows = new ArrayList<>();
        while (rows.size() < count) {
            float x = (float) (SIDE * (2 * random.nextDouble() - 1));
            float y = (float) (SIDE * (2 * random.nextDouble() - 1));
            double side = NORMAL[0] * x + NORMAL[1] * y + OFFSET;
            boolean wrong = random.nextDouble() < noise;
            if (Math.abs(side) >= gap / 2) {
                rows.add(Example.dense(new float[] {x, y}, side > 0 != wrong ? 1 : 0));
            }
        }
        return rows;
    }

    static Line border() {
        return new Line("the true border", NORMAL, OFFSET, 0, 0);
    }

    static Line perceptron(List<Example> rows, int epochs) {
        TrainingConfig rule = new TrainingConfig()
                .withOptimizer(new Sgd())
                .withLearningRate(1)
                .withBatchSize(1)
                .withEpochs(epochs);
        return train("perceptron", new PerceptronLoss(), rule, rows);
    }

    static Line logistic(List<Example> rows, int epochs) {
        TrainingConfig descent = new TrainingConfig()
                .withOptimizer(new Sgd())
                .withLearningRate(0.5)
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs);
        return train("logistic regression", new SigmoidCrossEntropy(), descent, rows);
    }

    static Line supportVectors(List<Example> rows, int epochs) {
        TrainingConfig descent = new TrainingConfig()
                .withOptimizer(new Sgd())
                .withLearningRate(0.5)
                .withSchedule(new InverseTime(0.01))
                .withPenalty(new Penalty(0, 0.1))
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs);
        return train("support vector machine", new Hinge(), descent, rows);
    }

    /** Trains w and b from 0 until no row is on the wrong side in a whole epoch of single rows, or for all the epochs. */
    private static Line train(String name, Loss loss, TrainingConfig config, List<Example> rows) {
        Network network = new Network(List.of(new Dense(2, 1, new Zeros())));
        TrainingState state = TrainingState.start(network, config);
        long[] mistakes = {0};
        InMemory.train(network, loss, config, rows, state, result -> {
            mistakes[0] += Math.round((1 - result.accuracy()) * rows.size());
            if (config.batchSize() == 1 && result.loss() == 0) {
                state.stop();
            }
        });
        float[] parameters = state.result();
        return new Line(name, new double[] {parameters[0], parameters[1]}, parameters[2], state.epoch(), mistakes[0]);
    }

    /** (R/γ)², of rows (x, 1) and the weights (w, b) of a line that separates them. */
    static double mistakesAtMost(List<Example> rows, Line line) {
        double length = 0;
        double margin = Double.POSITIVE_INFINITY;
        double norm = Math.sqrt(line.w()[0] * line.w()[0] + line.w()[1] * line.w()[1] + line.b() * line.b());
        for (Example row : rows) {
            length = Math.max(length, Math.hypot(Math.hypot(row.values()[0], row.values()[1]), 1));
            margin = Math.min(margin, (row.label() > 0 ? 1 : -1) * line.side(row) / norm);
        }
        return margin > 0 ? Math.pow(length / margin, 2) : Double.POSITIVE_INFINITY;
    }

    private static Chart chart(List<Example> rows, List<Line> lines) {
        Chart chart = new Chart(
                "Two classes, three ways to a line",
                Axis.linear("x₁").within(-SIDE, SIDE),
                Axis.linear("x₂").within(-SIDE, SIDE));
        for (int label = 0; label < 2; label++) {
            int wanted = label;
            List<float[]> points = rows.stream()
                    .filter(row -> row.label() == wanted)
                    .map(Example::values)
                    .toList();
            chart.points(
                    "class " + label,
                    points.stream().mapToDouble(point -> point[0]).toArray(),
                    points.stream().mapToDouble(point -> point[1]).toArray());
        }
        for (Line line : lines) {
            chart.line(line.name(), ends(), heights(line));
        }
        return chart.dashed("the true border", ends(), heights(border()));
    }

    private static double[] ends() {
        return new double[] {-SIDE, SIDE};
    }

    private static double[] heights(Line line) {
        double[] heights = ends();
        for (int i = 0; i < 2; i++) {
            heights[i] = -(line.w()[0] * heights[i] + line.b()) / line.w()[1];
        }
        return heights;
    }
}
