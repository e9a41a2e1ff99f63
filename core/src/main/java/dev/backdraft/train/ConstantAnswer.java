package dev.backdraft.train;

import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Majority;
import dev.backdraft.json.ValueText;
import java.util.Locale;

/**
 * A model that gives every row the same answer, which a trained one should be better than. Classes are compared by the
 * loss of validation rows if there are any, and by their accuracy if classes have no weights, as weights trade accuracy
 * for other things; values, which are scaled by the training rows, are compared by the loss of the training rows.
 *
 * @param fit of the trained model
 * @param end of its training
 */
record ConstantAnswer(Fit fit, TrainingEnd end) {
    private static final double HOPELESS = 100; // times the loss of this model

    /** Says so when the trained model is worse; null when it is not, or that is not known. */
    String warning() {
        if (lossRatio() > 1) {
            return warning(
                    isValidated() ? "validation loss" : "training loss",
                    measuredLoss(),
                    (classifies() ? "giving all classes the same probability" : "always predicting " + mean())
                            + " has a loss",
                    loss());
        }
        Majority majority = fit.majority();
        boolean comparable = majority != null
                && end.figures() != null
                && fit.config().classWeights().isEmpty()
                && fit.loss().target().choosesClass(fit.network().outputSize());
        if (comparable && majority.isBetterThan(end.figures().validationAccuracy())) {
            return warning(
                    "validation accuracy",
                    end.figures().validationAccuracy(),
                    "always predicting " + majority.label() + " has an accuracy",
                    majority.share());
        }
        return null;
    }

    private static String warning(String measure, double found, String constant, double ofConstant) {
        return String.format(
                Locale.ROOT,
                "warning: the model is worse than one that always gives the same answer: its %s is %.4g, but %s of"
                        + " %.4g; try a smaller learning rate, or more epochs",
                measure,
                found,
                constant,
                ofConstant);
    }

    /** Whether the trained model is so much worse that it has learned nothing. */
    boolean isFarBetter() {
        return lossRatio() > HOPELESS;
    }

    /** The loss of the trained model by that of this one; NaN when it is not known. */
    private double lossRatio() {
        boolean known =
                classifies() || (fit.preprocessing().label() != null && fit.initial() == null); // scaled by these rows
        return end.figures() == null || !known ? Double.NaN : measuredLoss() / loss();
    }

    private double measuredLoss() {
        return isValidated() ? end.figures().validationLoss() : end.figures().loss();
    }

    private boolean isValidated() {
        return classifies() && !Double.isNaN(end.figures().validationLoss());
    }

    private double loss() {
        return fit.loss().objective(fit.loss().constantLoss(fit.network().outputSize()));
    }

    private boolean classifies() {
        return fit.loss().target().classifies();
    }

    private String mean() {
        LabelScale scale = fit.preprocessing().labelScale();
        return scale == LabelScale.LINEAR ? "the mean" : "the mean on the label scale " + ValueText.text(scale);
    }
}
