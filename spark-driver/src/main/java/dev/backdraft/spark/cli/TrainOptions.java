package dev.backdraft.spark.cli;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.layer.Activation;
import dev.backdraft.layer.Activations;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** What is trained, and how. */
final class TrainOptions {
    @Option(
            names = "--layers",
            required = true,
            paramLabel = "N,N[,N…]",
            description = "Sizes of the layers: features, hidden units, outputs; as in 40,100,10.")
    String layers;

    @Option(
            names = "--activation",
            defaultValue = "relu",
            description = "Of the hidden units: identity, sigmoid, tanh or relu (default: ${DEFAULT-VALUE}).")
    String activation;

    @Option(
            names = "--loss",
            defaultValue = "auto",
            description = "softmax-cross-entropy, sigmoid-cross-entropy or squared-error;"
                    + " auto chooses by the labels and the number of outputs (default: ${DEFAULT-VALUE}).")
    String loss;

    @Option(
            names = "--optimizer",
            defaultValue = "adam",
            description = "sgd, momentum or adam (default: ${DEFAULT-VALUE}).")
    String optimizer;

    @Option(
            names = "--learning-rate",
            defaultValue = "0.001",
            paramLabel = "RATE",
            description = "Of every step (default: ${DEFAULT-VALUE}).")
    double learningRate;

    @Option(
            names = "--batch-size",
            defaultValue = "128",
            paramLabel = "N|full",
            description = "Rows a step; full for all of them (default: ${DEFAULT-VALUE}).")
    String batchSize;

    @Option(
            names = "--epochs",
            defaultValue = "20",
            paramLabel = "N",
            description = "Passes over the training rows (default: ${DEFAULT-VALUE}).")
    int epochs;

    @Option(
            names = "--lanes",
            defaultValue = "auto",
            paramLabel = "auto|N",
            description =
                    "Parts of a step that can be computed at once; they shape the result, so they do not depend on"
                            + " the machine (default: ${DEFAULT-VALUE}).")
    String lanes;

    @Option(
            names = "--seed",
            defaultValue = "42",
            paramLabel = "N",
            description = "Of the start values and the order of rows (default: ${DEFAULT-VALUE}).")
    long seed;

    @Option(
            names = "--standardize",
            description =
                    "Scale features, and the label of a regression, to mean 0 and deviation 1 of the training rows;"
                            + " kept in the model.")
    boolean standardize;

    /** The request that these options make; {@code validationFraction} 0 for none. */
    TrainingRequest request(double validationFraction) {
        Activation function = UsageException.check("--activation", () -> Activations.CATALOG.named(activation));
        Network network = UsageException.check("--layers", () -> Network.perceptron(function, sizes()));
        Loss chosen = loss.equals("auto") ? null : UsageException.check("--loss", () -> Losses.named(loss));
        TrainingConfig config = UsageException.check("training", this::config);
        return UsageException.check(
                "--validation", () -> new TrainingRequest(network, chosen, config, standardize, validationFraction));
    }

    private TrainingConfig config() {
        int rows = batchSize.equals("full") ? BatchLayout.FULL_BATCH : number("--batch-size", batchSize, "full");
        int laneCount = lanes.equals("auto") ? BatchLayout.AUTO_LANES : number("--lanes", lanes, "auto");
        if (laneCount > 0 && rows != BatchLayout.FULL_BATCH && rows % laneCount != 0) {
            throw new UsageException("--lanes must divide --batch-size: " + laneCount + " lanes, batch size " + rows);
        }
        return TrainingConfig.standard()
                .withEpochs(epochs)
                .withBatchSize(rows)
                .withLanes(laneCount)
                .withOptimizer(UsageException.check("--optimizer", () -> Optimizers.named(optimizer)))
                .withLearningRate(learningRate)
                .withSeed(seed);
    }

    private int[] sizes() {
        try {
            return Arrays.stream(layers.split(",", -1))
                    .mapToInt(size -> Integer.parseInt(size.trim()))
                    .toArray();
        } catch (NumberFormatException e) {
            throw new UsageException("--layers: '" + layers + "' are not whole numbers with commas, as in 40,100,10");
        }
    }

    private static int number(String option, String text, String word) {
        try {
            int number = Integer.parseInt(text);
            if (number > 0) {
                return number;
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new UsageException(option + ": '" + text + "' is neither a positive whole number nor '" + word + "'");
    }
}
