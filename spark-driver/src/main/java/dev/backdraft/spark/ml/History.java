package dev.backdraft.spark.ml;

import dev.backdraft.train.Chosen;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.RunDescription;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps and logs what each epoch comes to, and ends the training once its loss hardly changes. For one training, on its thread. */
final class History implements TrainingListener {
    private static final Logger LOG = LoggerFactory.getLogger(History.class);

    private final double tolerance;
    private final List<Chosen> chosen;
    private final List<EpochResult> epochs = new ArrayList<>();
    private Fit fit; // null before it starts
    private TrainingEnd end;

    /**
     * @param tolerance share of the loss that an epoch must change it by; 0 for none
     * @param chosen the settings that were chosen from the data, for the log
     */
    History(double tolerance, List<Chosen> chosen) {
        this.tolerance = tolerance;
        this.chosen = chosen;
    }

    @Override
    public void started(Fit settled, TrainingState state) {
        fit = settled;
        epochs.addAll(state.history());
        RunDescription.of(fit, chosen).forEach(LOG::info);
    }

    @Override
    public void epochEnded(EpochResult result) {
        epochs.add(result);
        if (LOG.isInfoEnabled()) {
            LOG.info(line(result));
        }
    }

    private static String line(EpochResult result) {
        String line =
                String.format(Locale.ROOT, "epoch %d/%d: loss %.6g", result.epoch(), result.epochs(), result.loss());
        return Double.isNaN(result.validationLoss())
                ? line
                : line + String.format(Locale.ROOT, ", validation loss %.6g", result.validationLoss());
    }

    @Override
    public void epochEnded(EpochResult result, TrainingState state) {
        epochEnded(result);
        if (epochs.size() > 1 && hardlyChanged(epochs.get(epochs.size() - 2).loss(), result.loss())) {
            state.stop("the relative change of the loss was less than " + tolerance);
        }
    }

    @Override
    public void rolledBack(DivergedException cause, TrainingState state) {
        LOG.warn(OnDivergence.sentence(cause, state));
    }

    @Override
    public void ended(TrainingEnd reached) {
        end = reached;
        end.sentences().forEach(LOG::info);
        String warning = fit.warning(end);
        if (warning != null) {
            LOG.warn(warning);
        }
    }

    private boolean hardlyChanged(double before, double now) {
        return Math.abs(before - now) < tolerance * Math.max(Math.abs(before), Math.abs(now));
    }

    NeuralNetworkTrainingSummary summary() {
        return new NeuralNetworkTrainingSummary(
                epochs, end.figures().epoch(), end.reason(), end.skippedUpdates(), end.rollbacks());
    }
}
