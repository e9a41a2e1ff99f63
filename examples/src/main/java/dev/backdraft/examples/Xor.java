package dev.backdraft.examples;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.examples.chart.Contours;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.network.Backpropagation;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Exclusive or, which no single unit can learn: no straight line has (0,0) and (1,1) on one side and (0,1) and (1,0) on the other,
 * so at most three of the four can be right (Minsky and Papert 1969). One hidden layer is enough.
 *
 * <p>The linear unit minimizes the same loss by the same descent. The best it can do is to say "one half" to everything, a
 * cross-entropy of log 2.
 */
public final class Xor {
    private static final List<Example> ROWS = List.of(row(0, 0, 0), row(0, 1, 1), row(1, 0, 1), row(1, 1, 0));

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--hidden", defaultValue = "8", description = "units of the hidden layer")
        @AtLeast(1)
        int hidden;

        @Option(names = "--epochs", defaultValue = "500", description = "epochs of each training")
        @AtLeast(1)
        int epochs;

        @Option(
                names = "--seeds",
                defaultValue = "5",
                description = "trainings of each network, each from its own seed")
        @AtLeast(1)
        int seeds;

        @Option(names = "--out", defaultValue = "xor.svg", description = "the picture to write")
        Path out;
    }

    private Xor() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), Xor::run);
    }

    /** A network that has been trained. */
    record Trained(Network network, float[] parameters, EpochResult last) {
        /** The logit, log P(1)/P(0). */
        double logit(double a, double b) {
            Matrix x = new Matrix(new float[] {(float) a, (float) b}, 0, 2, 1);
            return new Backpropagation(network, new SigmoidCrossEntropy(), 1)
                    .forward(parameters, x)
                    .get(0, 0);
        }

        /** The probability of class 1. */
        double probability(double a, double b) {
            return 1 / (1 + Math.exp(-logit(a, b)));
        }
    }

    static void run(Options options, PrintStream out) throws IOException {
        int epochs = options.epochs;
        int seeds = options.seeds;
        Network linear = linear();
        Network perceptron = withHidden(options.hidden);
        Trained[] first = new Trained[2];
        out.println("seed  hidden units    loss  accuracy   P(1 | 0,0)  P(1 | 0,1)  P(1 | 1,0)  P(1 | 1,1)");
        for (int seed = 1; seed <= seeds; seed++) {
            for (Network network : List.of(linear, perceptron)) {
                Trained trained = train(network, epochs, seed);
                out.printf(
                        Locale.ROOT,
                        "%4d %13d %7.4f %9.2f %12.3f %11.3f %11.3f %11.3f%n",
                        seed,
                        network.layers().size() == 1
                                ? 0
                                : network.layers().get(0).outputSize(),
                        trained.last().loss(),
                        trained.last().accuracy(),
                        trained.probability(0, 0),
                        trained.probability(0, 1),
                        trained.probability(1, 0),
                        trained.probability(1, 1));
                if (seed == 1) {
                    first[network.layers().size() == 1 ? 0 : 1] = trained;
                }
            }
        }
        out.println("picture: "
                + Chart.write(
                        options.out,
                        chart("Exclusive or: one linear unit", first[0]),
                        chart("Exclusive or: with a hidden layer", first[1])));
    }

    /** One unit, no hidden layer: logistic regression. */
    static Network linear() {
        return Network.perceptron(new Tanh(), 2, 1);
    }

    static Network withHidden(int units) {
        return Network.perceptron(new Tanh(), 2, units, 1);
    }

    static Trained train(Network network, int epochs, long seed) {
        TrainingConfig config = TrainingConfig.standard() // Adam
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs)
                .withLearningRate(0.05)
                .withSeed(seed);
        TrainingState state = TrainingState.start(network, config);
        EpochResult last = InMemory.train(network, new SigmoidCrossEntropy(), config, ROWS, state);
        return new Trained(network, state.result(), last);
    }

    private static Chart chart(String title, Trained trained) {
        Chart chart = new Chart(
                title,
                Axis.linear("first input").within(-0.5, 1.5),
                Axis.linear("second input").within(-0.5, 1.5));
        chart.points("0 wanted", new double[] {0, 1}, new double[] {0, 1});
        chart.points("1 wanted", new double[] {0, 1}, new double[] {1, 0});
        for (double probability : new double[] {0.1, 0.3, 0.7, 0.9}) {
            Contours contours = contours(trained, probability);
            chart.faint(contours.x(), contours.y());
        }
        Contours border = contours(trained, 0.5);
        return chart.line("P(1) = 0.5", border.x(), border.y());
    }

    /** Where the probability of class 1 is this; of the logit, as float probabilities are too coarse about one half. */
    private static Contours contours(Trained trained, double probability) {
        double level = Math.log(probability / (1 - probability));
        return Contours.of(trained::logit, level, -0.5, 1.5, -0.5, 1.5, 60);
    }

    private static Example row(float a, float b, int label) {
        return Example.dense(new float[] {a, b}, label);
    }
}
