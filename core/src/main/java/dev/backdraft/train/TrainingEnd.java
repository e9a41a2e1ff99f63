package dev.backdraft.train;

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
 * @param temperature that the logits were divided by after the last epoch; null without calibration
 */
public record TrainingEnd(
        int epochs, int asked, String reason, EpochResult figures, String watched, Temperature temperature) {
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
                null);
    }

    /** The end of a training whose logits were divided. */
    public TrainingEnd with(Temperature newTemperature) {
        return new TrainingEnd(epochs, asked, reason, figures, watched, newTemperature);
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
                    "the model has the weights of epoch %,d (%s %.4f)",
                    figures.epoch(),
                    measured(watched, figures),
                    figures.value(watched)));
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
        return sentences;
    }

    /** A metric with the rows that it is of. */
    public static String measured(String metric, EpochResult result) {
        return (Double.isNaN(result.validationLoss()) ? "training " : "validation ") + metric;
    }
}
