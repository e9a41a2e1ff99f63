package dev.backdraft.examples;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import dev.backdraft.optim.Sgd;
import dev.backdraft.spark.demo.Mnist1d;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Do deeper networks fit more easily? 4,000 MNIST-1D signals get random labels, so that there is nothing to understand and all
 * must be learned by heart. Four networks of 1, 2, 3 and 4 hidden layers, with about as many parameters each, are trained by
 * descent on the full batch. All of them fit the labels, the deeper ones in fewer epochs.
 *
 * <p>Source: Prince 2023, "Understanding Deep Learning", figure 20.2: hidden layers of 298, 100, 75 and 63 units, ReLU, He
 * initialization, no momentum, 15,208, 15,210, 15,235 and 15,319 parameters (the book prints 15,139 for the last, two digits
 * swapped). Its rate of 0.0025 takes over 100,000 epochs with the mean over the batch, so the default here is 0.25.
 */
public final class DepthExperiment {
    private static final int[] UNITS = {298, 100, 75, 63}; // in each of 1, 2, 3, 4 hidden layers
    private static final int[] PARAMETERS = {15_208, 15_210, 15_235, 15_319};
    private static final double SMALL_ERROR = 0.1;
    private static final long LABELS = 0x6c6162656c73L; // the purpose of the random stream

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--rate", defaultValue = "0.25", description = "learning rate")
        @Positive
        double rate;

        @Option(names = "--epochs", defaultValue = "30000", description = "epochs at most")
        @AtLeast(1)
        int epochs;

        @Option(
                names = "--layers",
                defaultValue = "1,2,3,4",
                split = ", *",
                description = "hidden layers of each network")
        @AtLeast(1)
        int[] layers;

        @Option(names = "--seeds", defaultValue = "1", split = ", *", description = "seeds to train each network from")
        @AtLeast(0)
        int[] seeds;

        @Option(names = "--rows", defaultValue = "4000", description = "signals")
        @AtLeast(10)
        int rows;

        @Option(names = "--out", defaultValue = "depth.svg", description = "the picture to write")
        Path out;
    }

    private DepthExperiment() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), DepthExperiment::run);
    }

    /**
     * How a network fared.
     *
     * @param losses of each epoch, at the parameters that it starts from
     * @param errors shares of the rows that are misclassified, in the same order
     * @param seconds of the whole training
     */
    record Curve(int hiddenLayers, int parameters, double[] losses, double[] errors, double seconds) {
        /** The first epoch, counted from 1, that starts with an error of at most {@code error}; 0 when none does. */
        int epochsTo(double error) {
            for (int i = 0; i < errors.length; i++) {
                if (errors[i] <= error) {
                    return i + 1;
                }
            }
            return 0;
        }
    }

    static void run(Options options, PrintStream out) throws IOException {
        double rate = options.rate;
        int epochs = options.epochs;
        int count = options.rows;
        int[] seeds = options.seeds;
        out.printf(Locale.ROOT, "%,d signals with random labels, full-batch descent, rate %s%n", count, rate);
        out.println("layers  units  parameters  seed  epochs to 10 % error  to 0 %  last loss  last error  seconds");
        List<Curve> drawn = new ArrayList<>(); // of the first seed
        for (int layers : options.layers) {
            List<Curve> curves = new ArrayList<>();
            for (int seed : seeds) {
                Curve curve = train(network(layers), layers, randomlyLabelled(count, seed), rate, epochs, seed);
                curves.add(curve);
                print(out, curve, seed);
            }
            if (curves.size() > 1) {
                out.printf(
                        Locale.ROOT,
                        "%26s%6s %21s %7s%n",
                        "",
                        "mean",
                        orNever(mean(curves, SMALL_ERROR)),
                        orNever(mean(curves, 0)));
            }
            drawn.add(curves.get(0));
        }
        out.println("picture: " + Chart.write(options.out, charts(drawn, rate)));
    }

    private static void print(PrintStream out, Curve curve, int seed) {
        int last = curve.losses().length - 1;
        out.printf(
                Locale.ROOT,
                "%6d %6d %11d %5d %21s %7s %10.5f %11.4f %8.0f%n",
                curve.hiddenLayers(),
                UNITS[curve.hiddenLayers() - 1],
                curve.parameters(),
                seed,
                orNever(curve.epochsTo(SMALL_ERROR)),
                orNever(curve.epochsTo(0)),
                curve.losses()[last],
                curve.errors()[last],
                curve.seconds());
    }

    /** Mean of the epochs that it took; 0 when one run did not get there. */
    private static int mean(List<Curve> curves, double error) {
        int sum = 0;
        for (Curve curve : curves) {
            if (curve.epochsTo(error) == 0) {
                return 0;
            }
            sum += curve.epochsTo(error);
        }
        return Math.round((float) sum / curves.size());
    }

    private static String orNever(int epoch) {
        return epoch == 0 ? "not yet" : Integer.toString(epoch);
    }

    /** Four fifths as many signals as MNIST-1D draws; a label is any of the ten classes, whatever the signal. */
    static List<Example> randomlyLabelled(int count, long seed) {
        SplitMix random = SplitMix.at(seed, LABELS, 0, 0);
        List<Example> rows = new ArrayList<>();
        int samples = (count * 5 / 4 + 9) / 10 * 10; // the test rows are not needed
        for (Example row : Mnist1d.generate(42, samples).train().subList(0, count)) {
            rows.add(row.withLabel(random.nextInt(Mnist1d.CLASSES)));
        }
        return rows;
    }

    /** ReLU networks of the book; all weights have He initialization, also those before the outputs. */
    static Network network(int hiddenLayers) {
        if (hiddenLayers > UNITS.length) {
            throw new IllegalArgumentException("--layers must be 1 to " + UNITS.length + ": " + hiddenLayers);
        }
        int units = UNITS[hiddenLayers - 1];
        NetworkBuilder builder = Network.builder(Mnist1d.FEATURES);
        for (int i = 0; i < hiddenLayers; i++) {
            builder.dense(units, new HeNormal()).activation(new Relu());
        }
        Network network = builder.dense(Mnist1d.CLASSES, new HeNormal()).build();
        if (network.parameterCount() != PARAMETERS[hiddenLayers - 1]) {
            throw new IllegalStateException(
                    network.parameterCount() + " parameters, not " + PARAMETERS[hiddenLayers - 1]);
        }
        return network;
    }

    /** Trains until no row is misclassified, or for at most this many epochs. */
    static Curve train(Network network, int hiddenLayers, List<Example> rows, double rate, int epochs, long seed) {
        TrainingConfig config = TrainingConfig.standard()
                .withOptimizer(new Sgd())
                .withLearningRate(rate)
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withEpochs(epochs)
                .withSeed(seed);
        TrainingState state = TrainingState.start(network, config);
        double[] losses = new double[epochs];
        double[] errors = new double[epochs];
        long start = System.nanoTime();
        EpochResult last = InMemory.train(network, new SoftmaxCrossEntropy(), config, rows, state, result -> {
            losses[result.epoch() - 1] = result.loss();
            errors[result.epoch() - 1] = 1 - result.accuracy();
            if (result.accuracy() == 1) {
                state.stop();
            }
        });
        return new Curve(
                hiddenLayers,
                network.parameterCount(),
                Arrays.copyOf(losses, last.epoch()),
                Arrays.copyOf(errors, last.epoch()),
                (System.nanoTime() - start) / 1e9);
    }

    private static Chart[] charts(List<Curve> curves, double rate) {
        Chart errors = new Chart(
                "Random labels: training error, rate " + Axis.text(rate),
                Axis.linear("epoch"),
                Axis.linear("training error, %"));
        Chart losses = new Chart("Training loss", Axis.linear("epoch"), Axis.linear("cross-entropy"));
        for (Curve curve : curves) {
            String name = curve.hiddenLayers() + (curve.hiddenLayers() == 1 ? " hidden layer" : " hidden layers");
            double[] epoch = new double[curve.losses().length];
            double[] percent = new double[epoch.length];
            for (int i = 0; i < epoch.length; i++) {
                epoch[i] = i + 1;
                percent[i] = 100 * curve.errors()[i];
            }
            errors.line(name, epoch, percent);
            losses.line(name, epoch, curve.losses());
        }
        return new Chart[] {errors, losses};
    }
}
