package dev.backdraft.metric;

import dev.backdraft.loss.Target;

/** What a column of predictions, that of one row of data, says. */
public enum PredictionKind {
    /** Predicted numbers; the target has as many. */
    VALUES,

    /**
     * Probabilities of yes, each of a question of its own; the target has as many, above one half for yes. One output is the usual
     * choice between two classes. With several, every answer counts like a row.
     */
    QUESTIONS,

    /** Probabilities of K classes that exclude each other; the target is the index of the class, or a distribution. */
    CLASSES;

    /** The kind of the predictions of a network that is trained with a loss of such targets. */
    public static PredictionKind of(Target target) {
        return target.isOneOfMany() ? CLASSES : target.asksQuestions() ? QUESTIONS : VALUES;
    }
}
