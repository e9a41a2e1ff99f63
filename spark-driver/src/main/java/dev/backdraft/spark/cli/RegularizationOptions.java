package dev.backdraft.spark.cli;

import dev.backdraft.train.Defaults;
import picocli.CommandLine.Option;

/** What keeps weights and gradients small. */
final class RegularizationOptions {
    @Option(names = "--l1", paramLabel = "λ", description = "L1 penalty λ/N ‖w‖₁, N the training rows (default: 0).")
    private Double l1;

    @Option(names = "--l2", paramLabel = "λ", description = "L2 penalty λ/2N ‖w‖² (default: " + Defaults.L2_RULE + ").")
    private Double l2;

    @Option(
            names = "--weight-decay",
            paramLabel = "λ",
            description = "Decoupled weight decay w ← w − ηλw of any optimizer (default: 0).")
    private Double weightDecay;

    @Option(
            names = "--max-norm",
            paramLabel = "NORM",
            description = "Largest Euclidean norm of the weights into a unit (default: 0, any).")
    private Double maxNorm;

    @Option(
            names = "--penalize-biases",
            negatable = true,
            description = "Count biases and scales in the four above, too.")
    private Boolean penalizeBiases;

    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            description = "Scale gradients with a larger Euclidean norm down to it (default: 0, never).")
    private Double clipNorm;

    @Option(
            names = "--clip-value",
            paramLabel = "VALUE",
            description = "Cut entries of the gradient off at ±VALUE (default: 0, never).")
    private Double clipValue;

    void putInto(Settings settings) {
        settings.put("--l1", "penalty.l1", l1);
        settings.put("--l2", "penalty.l2", l2);
        settings.put("--weight-decay", "weightDecay", weightDecay);
        settings.put("--max-norm", "maxNorm", maxNorm);
        settings.put("--penalize-biases", "penalizeBiases", penalizeBiases);
        settings.put("--clip-norm", "clipping.norm", clipNorm);
        settings.put("--clip-value", "clipping.value", clipValue);
    }
}
