package dev.backdraft.spark.cli;

import dev.backdraft.train.Setting;
import java.util.Arrays;
import picocli.CommandLine.Option;

/** What a step is. */
final class TrainingOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Optimizers.class,
            description = "${bundle:setting.optimizer}, as in momentum:momentum=0.95: ${COMPLETION-CANDIDATES}.")
    private String optimizer;

    @Option(names = "--batch-size", paramLabel = "N|full", description = "${bundle:setting.batchSize}; full: all rows.")
    private String batchSize;

    @Option(names = "--accumulation", paramLabel = "N", description = "${bundle:setting.accumulation}.")
    private Integer accumulation;

    @Option(
            names = "--weight",
            paramLabel = "COLUMN",
            description = "Column of row weights, in CSV or Parquet: a row of weight 2 counts as two rows.")
    private String weight;

    @Option(
            names = "--class-weights",
            paramLabel = "W,W,…|balanced",
            description = "${bundle:setting.classWeights}; balanced: all classes count the same.")
    private String classWeights;

    @Option(names = "--lanes", paramLabel = "auto|N", description = "${bundle:setting.lanes}.")
    private String lanes;

    @Option(names = "--seed", paramLabel = "N", description = "${bundle:setting.seed}.")
    private Long seed;

    @Option(
            names = "--on-divergence",
            paramLabel = "stop|skip|rollback",
            description = "${bundle:setting.onDivergence}.")
    private String onDivergence;

    void putInto(Settings settings) {
        settings.put("--optimizer", "optimizer", optimizer);
        settings.put("--batch-size", "batchSize", numberOr(Setting.BATCH_SIZE, "--batch-size", batchSize));
        settings.put("--accumulation", "accumulation", accumulation);
        settings.put("--weight", "weight", weight);
        settings.put("--class-weights", "classWeights", classWeights());
        settings.put("--lanes", "lanes", numberOr(Setting.LANES, "--lanes", lanes));
        settings.put("--seed", "seed", seed);
        settings.put("--on-divergence", "onDivergence", onDivergence);
    }

    private Object classWeights() {
        if (classWeights == null || classWeights.equals(Setting.CLASS_WEIGHTS.word())) {
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

    private static Object numberOr(Setting setting, String option, String text) {
        String word = setting.word();
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
