package dev.backdraft.examples;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.examples.chart.Axis;
import dev.backdraft.examples.chart.Chart;
import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.json.JsonText;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.GradientCheck;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Option;

/**
 * Your own layer, {@link LearnedSlope}, used like those of Backdraft: in a network built in Java, in one read from
 * JSON, in training, and in a model file that is written and read again. Nothing in Backdraft was changed for it; the
 * one line in {@code META-INF/services/dev.backdraft.layer.Layer} of this module makes its name known.
 *
 * <p>The task: points of two rings, one around the other. The picture shows what the units of the first hidden layer
 * have made of the slope below 0 that they all started with.
 */
public final class OwnLayer {
    private static final String JSON =
            """
            {"inputSize": 2,
             "layers": [
               {"type": "dense", "outputSize": 8}, {"type": "learned-slope"},
               {"type": "dense", "outputSize": 8}, {"type": "learned-slope", "start": 0.1},
               {"type": "dense", "outputSize": 1}]}
            """;

    private static final long POINTS = 0x72696e6773L; // the purpose of the random stream

    /** What can be set on the command line. */
    static final class Options {
        @Option(names = "--rows", defaultValue = "400", description = "training rows")
        @AtLeast(10)
        int rows;

        @Option(names = "--epochs", defaultValue = "300", description = "epochs")
        @AtLeast(1)
        int epochs;

        @Option(names = "--seed", defaultValue = "1", description = "seed of the rows and the training")
        @AtLeast(0)
        int seed;

        @Option(
                names = "--model",
                defaultValue = "own-layer.backdraft",
                description = "the model file to write and read")
        Path model;

        @Option(names = "--out", defaultValue = "own-layer.svg", description = "the picture to write")
        Path out;
    }

    private OwnLayer() {}

    public static void main(String[] arguments) {
        Program.main(arguments, new Options(), OwnLayer::run);
    }

    static void run(Options options, PrintStream out) throws IOException {
        int epochs = options.epochs;
        int seed = options.seed;
        List<Example> rows = rings(options.rows, seed);
        Network network = fromJson();
        out.println("from JSON: " + network);
        out.println("the same as built in Java: " + network.equals(inJava()));
        out.printf(Locale.ROOT, "worst relative error of the layer's gradient: %.1e%n", gradientError(seed));

        double[] losses = new double[epochs];
        Model model = train(network, rows, epochs, seed, losses);
        out.printf(Locale.ROOT, "loss %.4f, accuracy %.4f%n", losses[epochs - 1], accuracy(model, rows));

        Path file = options.model;
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        ModelFile.write(model, file);
        Model again = ModelFile.read(file);
        out.printf(Locale.ROOT, "accuracy of the model read from %s: %.4f%n", file, accuracy(again, rows));

        double[] slopes = slopes(model);
        StringBuilder text = new StringBuilder("learned slopes:");
        for (double slope : slopes) {
            text.append(String.format(Locale.ROOT, " %.3f", slope));
        }
        out.println(text);
        out.println("picture: " + Chart.write(options.out, lossChart(losses), slopeChart(slopes)));
    }

    static Network fromJson() {
        return NetworkJson.read(JsonText.read(JSON), 0);
    }

    static Network inJava() {
        return Network.builder(2)
                .dense(8)
                .add(LearnedSlope::new) // of the size that the layer before gives
                .dense(8)
                .add(new LearnedSlope(8, 0.1))
                .dense(1)
                .build();
    }

    /** Points of a disc of radius 1 (class 0) and of a ring from 1.3 to 2.3 (class 1), in turn. */
    static List<Example> rings(int count, long seed) {
        SplitMix random = SplitMix.at(seed, POINTS, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = i % 2;
            double radius = label == 0 ? Math.sqrt(random.nextDouble()) : 1.3 + random.nextDouble();
            double angle = 2 * Math.PI * random.nextDouble();
            rows.add(Example.dense(
                    new float[] {(float) (radius * Math.cos(angle)), (float) (radius * Math.sin(angle))}, label));
        }
        return rows;
    }

    /**
     * Backpropagation against differences, on a few points. Biases of ±3 keep every unit of our layer clear of its
     * kink, where differences would be wrong: weights are at most 0.8, points at most 2.3 from 0.
     */
    static double gradientError(long seed) {
        List<Example> rows = rings(8, seed);
        Matrix x = Matrix.zeros(2, rows.size());
        Matrix target = Matrix.zeros(1, rows.size());
        for (int n = 0; n < rows.size(); n++) {
            rows.get(n).copyTo(x.values(), 2 * n, 2);
            target.set(0, n, (float) rows.get(n).label());
        }
        Dense dense = new Dense(2, 8, new GlorotUniform());
        Network network =
                Network.builder(2).add(dense).add(LearnedSlope::new).dense(1).build();
        float[] parameters = network.initialParameters(seed);
        Matrix biases = dense.biases(network.slice(0, parameters));
        for (int i = 0; i < biases.rows(); i++) {
            biases.set(i, 0, i % 2 == 0 ? 3 : -3);
        }
        return GradientCheck.of(network, new SigmoidCrossEntropy(), parameters, x, target, null, null)
                .maxRelativeError();
    }

    /** Trains by Adam on the full batch; {@code losses} are overwritten. */
    static Model train(Network network, List<Example> rows, int epochs, long seed, double[] losses) {
        TrainingConfig config = new TrainingConfig()
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withLearningRate(0.02)
                .withEpochs(epochs)
                .withSeed(seed);
        TrainingRequest request = TrainingRequest.of(network, config).withLoss(new SigmoidCrossEntropy());
        return LocalTraining.train(request, rows, result -> losses[result.epoch() - 1] = result.loss());
    }

    static double accuracy(Model model, List<Example> rows) {
        int right = 0;
        for (Example row : rows) {
            right += model.predictClass(row.values()) == row.label() ? 1 : 0;
        }
        return right / (double) rows.size();
    }

    /** The slopes of the first of our layers. */
    static double[] slopes(Model model) {
        Slice slice = model.network().slice(1, model.parameters());
        double[] slopes = new double[slice.length()];
        for (int i = 0; i < slopes.length; i++) {
            slopes[i] = slice.values()[slice.offset() + i];
        }
        return slopes;
    }

    private static Chart lossChart(double[] losses) {
        double[] epochs = new double[losses.length];
        for (int i = 0; i < epochs.length; i++) {
            epochs[i] = i + 1;
        }
        return new Chart("Your own layer: training", Axis.linear("epoch"), Axis.logarithmic("cross-entropy"))
                .line("parametric ReLU", epochs, losses);
    }

    private static Chart slopeChart(double[] slopes) {
        Chart chart = new Chart("What the units of the first hidden layer became", Axis.linear("x"), Axis.linear("y"));
        chart.dashed("start", new double[] {-1, 0, 1}, new double[] {-0.25, 0, 1});
        for (int i = 0; i < slopes.length; i++) {
            chart.line(i == 0 ? "learned, unit by unit" : "", new double[] {-1, 0, 1}, new double[] {-slopes[i], 0, 1});
        }
        return chart;
    }
}
