package dev.backdraft.train;

import dev.backdraft.json.Records;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How a training ended, and the figures of its model.
 *
 * @param epochs number of epochs that ran, including those before a checkpoint
 * @param asked number of epochs that were requested
 * @param reason why it ended, in words: {@value #ALL_DONE}, or what ended it earlier
 * @param figures of the epoch whose weights the model has; null when no epoch ran. The loss and accuracy of training rows are
 *     those of the epoch's steps, with averaging too; the figures of validation rows are those of the model's weights
 * @param watched the metric whose best epoch the model is of, with early stopping; else null
 * @param refitRows all rows, on which a second training for as many epochs as were best has made the model; 0 without
 *     one. The figures are those of the first training then
 * @param skippedUpdates number of updates that were skipped because their loss or gradient was not finite
 * @param rollbacks number of times that the training went back because its numbers were not finite
 * @param changes of settings, on purpose, when the training continued from a checkpoint; empty for none
 * @param temperature that the logits were divided by after the last epoch; null without calibration
 * @param isotonic what the probabilities go through after the last epoch; null without isotonic calibration
 * @param threshold of the decision for class 1; null when the configuration asks for none
 */
public record TrainingEnd(
        int epochs,
        int asked,
        String reason,
        EpochResult figures,
        String watched,
        long refitRows,
        long skippedUpdates,
        int rollbacks,
        String changes,
        Temperature temperature,
        Isotonic isotonic,
        Threshold threshold) {
    /** The reason when all epochs ran. */
    public static final String ALL_DONE = "all epochs are done";

    /** Describes a training that takes no more steps, from the state that it ended in. */
    public static TrainingEnd of(TrainingConfig config, TrainingState state) {
        EarlyStopping stopping = config.earlyStopping();
        return new TrainingEnd(
                state.epoch(),
                config.epochs(),
                state.isStopped() ? state.stopReason() : ALL_DONE,
                state.figures(),
                stopping == null ? null : stopping.metric(),
                0,
                state.skippedUpdates(),
                state.rollbacks(),
                state.changes(),
                null,
                null,
                Threshold.given(config));
    }

    /** The same end, after a second training on this many rows, which ended in a state. */
    public TrainingEnd refitted(long rows, TrainingState second) {
        TrainingEnd end = Records.with(this, "refitRows", rows);
        end = Records.with(end, "skippedUpdates", skippedUpdates + second.skippedUpdates());
        return Records.with(end, "rollbacks", rollbacks + second.rollbacks());
    }

    /** The end of a training whose logits were divided. */
    public TrainingEnd with(Temperature newTemperature) {
        return Records.with(this, "temperature", newTemperature);
    }

    /** The end of a training whose probabilities go through a function. */
    public TrainingEnd with(Isotonic newIsotonic) {
        return Records.with(this, "isotonic", newIsotonic);
    }

    /** The end of a training whose threshold was chosen, or could not be. */
    public TrainingEnd with(Threshold newThreshold) {
        return Records.with(this, "threshold", newThreshold);
    }

    /** Sentences for people; empty when all epochs ran and the model has the weights of the last one. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        if (epochs < asked) {
            sentences.add(String.format(Locale.ROOT, "stopped early after epoch %,d: %s", epochs, reason));
        }
        if (figures != null && watched != null) {
            sentences.add(String.format(
                    Locale.ROOT,
                    refitRows > 0
                            ? "epoch %,d was the best (%s %.4f)"
                            : "the model has the weights of epoch %,d (%s %.4f)",
                    figures.epoch(),
                    measured(watched, figures),
                    figures.value(watched)));
        }
        if (refitRows > 0) {
            sentences.add(String.format(
                    Locale.ROOT, "the model was trained again for as many epochs, on all %,d rows", refitRows));
        }
        if (skippedUpdates > 0) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "%,d %s skipped because the loss or a gradient was not finite",
                    skippedUpdates,
                    skippedUpdates == 1 ? "update was" : "updates were"));
        }
        if (rollbacks > 0) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "the training went back %d %s; its learning rate was multiplied by %s",
                    rollbacks,
                    rollbacks == 1 ? "time" : "times",
                    Math.scalb(1.0, -rollbacks)));
        }
        if (temperature != null) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "calibrated: logits are divided by the temperature %.4f (validation %s %.4f, before %.4f)",
                    temperature.value(),
                    TrainingConfig.CALIBRATION_METRIC,
                    temperature.after(),
                    temperature.before()));
        }
        if (isotonic != null) {
            sentences.add(String.format(
                    Locale.ROOT,
                    "calibrated: probabilities go through an isotonic function of %,d points (validation %s %.4f, before"
                            + " %.4f)",
                    isotonic.curve().score().size(),
                    TrainingConfig.CALIBRATION_METRIC,
                    isotonic.after(),
                    isotonic.before()));
        }
        if (threshold != null) {
            sentences.add(threshold.sentence());
        }
        return sentences;
    }

    /** A metric with the rows that it is of. */
    public static String measured(String metric, EpochResult result) {
        return (Double.isNaN(result.validationLoss()) ? "training " : "validation ") + metric;
    }
}
