package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** The rule that moves the parameters, and its learning rate. */
final class OptimizerOptions {
    @Option(
            names = "--optimizer",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Optimizers.class,
            description = "As in momentum:momentum=0.95 (default: adam): ${COMPLETION-CANDIDATES}.")
    private String optimizer;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "Before any schedule (default: 0.001).")
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
            description = "Let the learning rate rise over the first N steps (or epochs), in front of the schedule.")
    private Long warmup;

    @Option(
            names = "--reduce-on-plateau",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KEY=VALUE,…",
            description =
                    "Lower the learning rate when the validation loss (the training loss, without validation rows) stays:"
                            + " patience=10, factor=0.1, threshold=0.0001, thresholdMode=relative|absolute, cooldown=0, minRate=0.")
    private String reduceOnPlateau;

    void putInto(Settings settings) {
        settings.put("--optimizer", "optimizer", optimizer);
        settings.put("--learning-rate", "learningRate", learningRate);
        settings.put("--schedule", "schedule", schedule);
        settings.put("--schedule-unit", "scheduleUnit", scheduleUnit);
        settings.putWarmup(warmup);
        settings.put("--reduce-on-plateau", "reduceOnPlateau", reduceOnPlateau);
    }
}
