package dev.backdraft.oracle;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.loss.AbsoluteError;
import dev.backdraft.loss.BiasError;
import dev.backdraft.loss.BinaryCrossEntropy;
import dev.backdraft.loss.CrossEntropy;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Huber;
import dev.backdraft.loss.KlDivergence;
import dev.backdraft.loss.LogCosh;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.OutputReduction;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SoftmaxKlDivergence;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.SquaredHinge;

/** Losses of the reference files as ours. */
final class OracleLoss {
    private OracleLoss() {}

    /** A loss of a network's file: {@code {"name": …, "reduction": …, "delta": …}}. */
    static Loss of(JsonNode loss) {
        return of(loss.get("name").asText(), loss, loss.get("reduction").asText());
    }

    /**
     * A loss.
     *
     * @param settings its {@code delta}, where it has one
     * @param reduction {@code batch_mean_output_mean} or {@code batch_mean_output_sum}
     */
    static Loss of(String name, JsonNode settings, String reduction) {
        OutputReduction ours = reduction.equals("batch_mean_output_mean") ? OutputReduction.MEAN : OutputReduction.SUM;
        return switch (name) {
            case "mse" -> new SquaredError(ours);
            case "rmse" -> only(new RootSquaredError(), OutputReduction.MEAN, ours);
            case "mae" -> new AbsoluteError(ours);
            case "mbe" -> new BiasError(ours);
            case "huber" -> new Huber(settings.get("delta").asDouble(), ours);
            case "logcosh" -> new LogCosh(ours);
            case "hinge" -> new Hinge(ours);
            case "squared_hinge" -> new SquaredHinge(ours);
            case "bce_logits" -> new SigmoidCrossEntropy(ours);
            case "bce_probability" -> new BinaryCrossEntropy(ours);
            case "softmax_cross_entropy_logits" -> only(new SoftmaxCrossEntropy(), OutputReduction.SUM, ours);
            case "categorical_cross_entropy_probability" -> only(new CrossEntropy(), OutputReduction.SUM, ours);
            case "kl_divergence_logits" -> only(new SoftmaxKlDivergence(), OutputReduction.SUM, ours);
            case "kl_divergence_probability" -> only(new KlDivergence(), OutputReduction.SUM, ours);
            default -> throw new IllegalArgumentException("a loss that we do not have: " + name);
        };
    }

    private static Loss only(Loss loss, OutputReduction one, OutputReduction asked) {
        if (asked != one) {
            throw new IllegalArgumentException(loss.name() + " has no reduction " + asked);
        }
        return loss;
    }
}
