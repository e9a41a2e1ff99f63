package dev.backdraft.benchmarks.wide;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Trains a wide network on sparse rows of hashed features, on threads of this JVM, and prints a line for each
 * optimizer: seconds of all steps of the fastest fit, seconds of that whole fit, and the weights.
 */
@Command(name = "benchmarks/run --wide", mixinStandardHelpOptions = true, sortOptions = false)
public final class Wide implements Runnable {
    @Option(names = "--optimizers", split = ",", defaultValue = "sgd,adam", description = "default: ${DEFAULT-VALUE}")
    private List<String> optimizers;

    @Option(names = "--features", defaultValue = "262144", description = "default: ${DEFAULT-VALUE}")
    private int features;

    @Option(names = "--values", defaultValue = "40", description = "stored in a row; default: ${DEFAULT-VALUE}")
    private int values;

    @Option(names = "--units", defaultValue = "32", description = "of the hidden layer; default: ${DEFAULT-VALUE}")
    private int units;

    @Option(names = "--batch", defaultValue = "128", description = "rows of a step; default: ${DEFAULT-VALUE}")
    private int batch;

    @Option(names = "--steps", defaultValue = "20", description = "default: ${DEFAULT-VALUE}")
    private int steps;

    @Option(names = "--fits", defaultValue = "3", description = "default: ${DEFAULT-VALUE}")
    private int fits;

    private Wide() {}

    public static void main(String[] words) {
        System.exit(new CommandLine(new Wide()).execute(words));
    }

    @Override
    public void run() {
        System.out.println("| optimizer | backend | steps | fit | weights |\n|---|---|---|---|---|");
        List<Example> rows = rows();
        for (String optimizer : optimizers) {
            measure(optimizer, rows);
        }
    }

    private void measure(String optimizer, List<Example> rows) {
        TrainingRequest request = TrainingRequest.of(
                Network.perceptron(new Relu(), features, units, 2),
                TrainingConfig.standard()
                        .withEpochs(1)
                        .withBatchSize(batch)
                        .withOptimizer(Optimizers.named(optimizer)));
        double bestSteps = Double.POSITIVE_INFINITY;
        double bestFit = Double.POSITIVE_INFINITY;
        Model model = null;
        for (int fit = 0; fit < fits; fit++) {
            List<EpochResult> results = new ArrayList<>();
            long start = System.nanoTime();
            model = LocalTraining.train(request, rows, results::add);
            bestFit = Math.min(bestFit, (System.nanoTime() - start) / 1e9);
            bestSteps = Math.min(bestSteps, results.get(0).seconds());
        }
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %.3f s | %.3f s | %s |%n",
                optimizer,
                Blas.backend(),
                bestSteps,
                bestFit,
                model.weightsSha256().substring(0, 8));
    }

    private List<Example> rows() {
        List<Example> rows = new ArrayList<>();
        for (int row = 0; row < batch * steps; row++) {
            SplitMix random = SplitMix.at(1, row, 0, 0);
            int[] indices = new int[values];
            for (int i = 0; i < values; i++) {
                indices[i] = random.nextInt(features);
            }
            indices = Arrays.stream(indices).sorted().distinct().toArray();
            float[] stored = new float[indices.length];
            Arrays.fill(stored, 1);
            rows.add(Example.sparse(indices, stored, row % 2));
        }
        return rows;
    }
}
