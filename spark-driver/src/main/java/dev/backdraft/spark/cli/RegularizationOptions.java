package dev.backdraft.spark.cli;

import dev.backdraft.train.Defaults;
import picocli.CommandLine.Option;

/** What keeps weights and gradients small. */
final class RegularizationOptions {
    @Option(
            names = "--l1",
            paramLabel = "λ",
            description =
                    "L1 penalty: adds λ/N ‖w‖₁ to the mean loss, with N training rows and weights w (default: 0).")
    private Double l1;

    @Option(
            names = "--l2",
            paramLabel = "λ",
            description =
                    "L2 penalty: adds λ/(2N) ‖w‖² to the mean loss, with N training rows and weights w. λ is divided"
                            + " by the rows: 10 adds 0.005 ‖w‖² with 1,000 rows, and less with more (default: "
                            + Defaults.L2_RULE + ").")
    private Double l2;

    @Option(
            names = "--weight-decay",
            paramLabel = "λ",
            description = "Decoupled weight decay w ← w − ηλw for any optimizer (default: 0).")
    private Double weightDecay;

    @Option(
            names = "--max-norm",
            paramLabel = "NORM",
            description = "Largest Euclidean norm of the weights into a unit (default: 0, no limit).")
    private Double maxNorm;

    @Option(
            names = "--penalize-biases",
            negatable = true,
            description = "Apply --l1, --l2, --weight-decay and --max-norm to biases and scales, too.")
    private Boolean penalizeBiases;

    @Option(
            names = "--clip-norm",
            paramLabel = "NORM",
            description = "Scale larger gradients down to this Euclidean norm (default: 0, no clipping).")
    private Double clipNorm;

    @Option(
            names = "--clip-value",
            paramLabel = "VALUE",
            description = "Limit entries of the gradient to ±VALUE (default: 0, no clipping).")
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
