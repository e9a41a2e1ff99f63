package dev.backdraft.spark.cli;

import picocli.CommandLine.Option;

/** What keeps weights and gradients small. */
final class RegularizationOptions {
    @Option(names = "--l1", paramLabel = "λ", description = "${bundle:setting.penalty.l1}.")
    private Double l1;

    @Option(names = "--l2", paramLabel = "λ", description = "${bundle:setting.penalty.l2}.")
    private Double l2;

    @Option(names = "--weight-decay", paramLabel = "λ", description = "${bundle:setting.weightDecay}.")
    private Double weightDecay;

    @Option(
            names = "--weight-decay-factors",
            paramLabel = "TENSORS=FACTOR,…",
            description = "${bundle:setting.weightDecayFactors}.")
    private String weightDecayFactors;

    @Option(
            names = "--weight-decay-schedule",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Schedules.class,
            description = "${bundle:setting.weightDecaySchedule}: ${COMPLETION-CANDIDATES}.")
    private String weightDecaySchedule;

    @Option(
            names = "--dropout-schedule",
            paramLabel = "NAME[:KEY=VALUE,…]",
            completionCandidates = Names.Schedules.class,
            description = "${bundle:setting.dropoutSchedule}: ${COMPLETION-CANDIDATES}.")
    private String dropoutSchedule;

    @Option(names = "--max-norm", paramLabel = "NORM", description = "${bundle:setting.maxNorm}.")
    private Double maxNorm;

    @Option(names = "--penalize-biases", negatable = true, description = "${bundle:setting.penalizeBiases}.")
    private Boolean penalizeBiases;

    @Option(names = "--clip-norm", paramLabel = "NORM", description = "${bundle:setting.clipping.norm}.")
    private Double clipNorm;

    @Option(names = "--clip-value", paramLabel = "VALUE", description = "${bundle:setting.clipping.value}.")
    private Double clipValue;

    void putInto(Settings settings) {
        settings.put("--l1", "penalty.l1", l1);
        settings.put("--l2", "penalty.l2", l2);
        settings.put("--weight-decay", "weightDecay", weightDecay);
        settings.put("--weight-decay-factors", "weightDecayFactors", weightDecayFactors);
        settings.put("--weight-decay-schedule", "weightDecaySchedule", weightDecaySchedule);
        settings.put("--dropout-schedule", "dropoutSchedule", dropoutSchedule);
        settings.put("--max-norm", "maxNorm", maxNorm);
        settings.put("--penalize-biases", "penalizeBiases", penalizeBiases);
        settings.put("--clip-norm", "clipping.norm", clipNorm);
        settings.put("--clip-value", "clipping.value", clipValue);
    }
}
