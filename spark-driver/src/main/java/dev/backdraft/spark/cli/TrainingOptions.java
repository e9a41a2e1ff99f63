package dev.backdraft.spark.cli;

import dev.backdraft.train.Defaults;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** What a step is. */
final class TrainingOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Optimizers.class,
            description = "Optimizer, as in momentum:momentum=0.95 (default: adam): ${COMPLETION-CANDIDATES}.")
    private String optimizer;

    @Option(
            names = "--batch-size",
            paramLabel = "N|full",
            description = "Rows per step; full for all rows (default: " + Defaults.BATCH_SIZE_RULE + ").")
    private String batchSize;

    @Option(
            names = "--accumulation",
            paramLabel = "N",
            description = "Number of steps whose gradients are added before an update (default: 1).")
    private Integer accumulation;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description = "Column of row weights, in CSV or Parquet: a row of weight 2 counts as two rows.")
    private String weight;

    @Option(
            names = "--class-weights",
            paramLabel = "W,W,…|balanced",
            description = "One number per class, in the order of the classes: a row of the class counts as that number"
                    + " of rows. balanced: all classes count the same.")
    private String classWeights;

    @Option(
            names = "--lanes",
            paramLabel = "auto|N",
            description = "Number of parts of a step that run in parallel. It changes the bits of the result, so it"
                    + " does not depend on the machine (default: auto, which goes by the batch size).")
    private String lanes;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the initial weights, the order of rows, and dropout (default: 42).")
    private Long seed;

    void putInto(Settings settings) {
        settings.put("--optimizer", "optimizer", optimizer);
        settings.put("--batch-size", "batchSize", numberOr("full", "--batch-size", batchSize));
        settings.put("--accumulation", "accumulation", accumulation);
        settings.put("--weight", "weight", weight);
        settings.put("--class-weights", "classWeights", classWeights());
        settings.put("--lanes", "lanes", numberOr("auto", "--lanes", lanes));
        settings.put("--seed", "seed", seed);
    }

    private Object classWeights() {
        if (classWeights == null || classWeights.equals("balanced")) {
            return classWeights;
        }
        try {
            return Arrays.stream(classWeights.split(",", -1))
                    .map(weight -> Double.valueOf(weight.strip()))
                    .toList();
        } catch (NumberFormatException e) {
            throw new UsageException("--class-weights: '" + classWeights
                    + "' is neither numbers with commas, as in 1,2.5, nor balanced");
        }
    }

    private static Object numberOr(String word, String option, String text) {
        if (text == null || text.equals(word)) {
            return text;
        }
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
