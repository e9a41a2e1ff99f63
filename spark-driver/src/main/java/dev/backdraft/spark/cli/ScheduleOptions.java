package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** How long is trained, and what changes meanwhile. */
final class ScheduleOptions {
    @Option(names = "--epochs", paramLabel = "N", description = "${bundle:setting.epochs}.")
    private Integer epochs;

    @Option(
            names = "--learning-rate-factors",
            paramLabel = "TENSORS=FACTOR,…",
            description = "${bundle:setting.learningRateFactors}.")
    private String learningRateFactors;

    @Option(names = "--learning-rate", paramLabel = "RATE", description = "${bundle:setting.learningRate}.")
    private Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Schedules.class,
            description = "${bundle:setting.schedule}: ${COMPLETION-CANDIDATES}.")
    private String schedule;

    @Option(names = "--schedule-unit", paramLabel = "step|epoch", description = "${bundle:setting.scheduleUnit}.")
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
            description = "${bundle:setting.reduceOnPlateau}: ${bundle:keys.reduceOnPlateau}.")
    private String reduceOnPlateau;

    @Option(
            names = "--batch-growth",
            arity = "0..1",
            fallbackValue = "",
            paramLabel = "KEY=VALUE,…",
            description =
                    "${bundle:setting.batchGrowth}: ${bundle:keys.batchGrowth}. The rule says how the learning rate changes.")
    private String batchGrowth;

    void putInto(Settings settings) {
        settings.put("--epochs", "epochs", epochs);
        settings.put("--learning-rate", "learningRate", learningRate);
        settings.put("--learning-rate-factors", "learningRateFactors", learningRateFactors);
        settings.put("--schedule", "schedule", schedule);
        settings.put("--schedule-unit", "scheduleUnit", scheduleUnit);
        settings.putWarmup(warmup);
        settings.put("--reduce-on-plateau", "reduceOnPlateau", reduceOnPlateau);
        settings.put("--batch-growth", "batchGrowth", batchGrowth);
    }
}
