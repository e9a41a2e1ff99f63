package dev.backdraft.metric;

import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Target;

/** What a column of predictions, that of one row of data, says. */
public enum PredictionKind {
    /** Predicted numbers; the target has as many, or one, of which they are the mean and the deviation. */
    VALUES,

    /**
     * Probabilities of yes, each of a question of its own; the target has as many, above one half for yes. One output is the usual
     * choice between two classes. With several, every answer counts like a row.
     */
    QUESTIONS,

    /** Probabilities of K classes that exclude each other; the target is the index of the class, or a distribution. */
    CLASSES,

    /** Quantiles of one number, ascending; the target is that number. */
    QUANTILES;

    /** The kind of the predictions of a network that is trained with a loss. */
    public static PredictionKind of(Loss loss) {
        boolean quantiles =
                loss instanceof DistributionLoss one && !one.levels().isEmpty();
        return quantiles ? QUANTILES : of(loss.target());
    }

    private static PredictionKind of(Target target) {
        return target.isOneOfMany() ? CLASSES : target.asksQuestions() ? QUESTIONS : VALUES;
    }
}
