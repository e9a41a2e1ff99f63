package dev.backdraft.spark.cli;

import dev.backdraft.train.Defaults;
import picocli.CommandLine.Option;

/** How long is trained, and what changes meanwhile. */
final class ScheduleOptions {
    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training rows (default: " + Defaults.EPOCHS_RULE + ").")
    private Integer epochs;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description =
                    "Learning rate, to which the schedule applies (default: " + Defaults.LEARNING_RATE_RULE + ").")
    private Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Schedules.class,
            description = "How the learning rate changes (default: constant): ${COMPLETION-CANDIDATES}.")
    private String schedule;

    @Option(
            names = "--schedule-unit",
            paramLabel = "step|epoch",
            description = "What the schedule counts (default: step, updates of the parameters).")
    private String scheduleUnit;

    @Option(
            names = "--warmup",
            paramLabel = "N",
            description = "Increase the learning rate over the first N steps (or epochs), before the schedule starts.")
    private Long warmup;

    @Option(
            names = "--reduce-on-plateau",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KEY=VALUE,…",
            description = "Lower the learning rate when the validation loss (without validation rows, the training"
                    + " loss) stops improving: patience=10, factor=0.1, threshold=0.0001,"
                    + " thresholdMode=relative|absolute, cooldown=0, minRate=0.")
    private String reduceOnPlateau;

    @Option(
            names = "--batch-growth",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KEY=VALUE,…",
            description = "Enlarge the batches from epoch to epoch: factor=2, everyEpochs=10, largest=8192,"
                    + " rule=none|linear|square-root (how the learning rate changes).")
    private String batchGrowth;

    void putInto(Settings settings) {
        settings.put("--epochs", "epochs", epochs);
        settings.put("--learning-rate", "learningRate", learningRate);
        settings.put("--schedule", "schedule", schedule);
        settings.put("--schedule-unit", "scheduleUnit", scheduleUnit);
        settings.putWarmup(warmup);
        settings.put("--reduce-on-plateau", "reduceOnPlateau", reduceOnPlateau);
        settings.put("--batch-growth", "batchGrowth", batchGrowth);
    }
}
