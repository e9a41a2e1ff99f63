package dev.backdraft.train.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.json.Records;
import dev.backdraft.metric.BinaryScores;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.train.Calibration;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.Isotonic;
import dev.backdraft.train.Temperature;
import dev.backdraft.train.Threshold;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A training whose data has been read: what is settled, and a source of gradients over its rows. Created by {@link
 * LocalPreparation} or on a cluster; training is the same from here on. For one training, on one thread.
 *
 * @param layout of the training rows
 * @param source over them; closed with this
 * @param plan how the steps will run
 * @param skipped rows that were skipped for an invalid value
 * @param skippedValidation validation rows that were skipped for an invalid value
 * @param counting features that only count the rows, as a row number does
 * @param refit prepares the second training, on all rows; null when none is to follow
 */
public record PreparedTraining(
        Fit fit,
        BatchLayout layout,
        GradientSource source,
        StepPlan plan,
        SkippedRows skipped,
        SkippedRows skippedValidation,
        List<Integer> counting,
        Refit refit)
        implements AutoCloseable {
    /** Prepares a training on all rows, after the end of the one that has found the best epoch. */
    @FunctionalInterface
    public interface Refit {
        PreparedTraining prepare() throws IOException;
    }

    public PreparedTraining {
        source = ClosedOnce.of(source);
    }

    /** Without anything known of the rows. */
    public PreparedTraining(Fit fit, BatchLayout layout, GradientSource source, StepPlan plan) {
        this(fit, layout, source, plan, new SkippedRows(), new SkippedRows(), List.of(), null);
    }

    /**
     * The same training, which knows what the scan of the rows has found, and the validation rows that were skipped.
     */
    public PreparedTraining withScan(DataScan scan, SkippedRows ofValidation) {
        return new PreparedTraining(
                fit, layout, source, plan, scan.skipped(), ofValidation, scan.countingFeatures(), refit);
    }

    /** The same training, which is followed by another one. */
    public PreparedTraining withRefit(Refit next) {
        return new PreparedTraining(fit, layout, source, plan, skipped, skippedValidation, counting, next);
    }

    /**
     * Trains a model.
     *
     * @param start from scratch, or from a checkpoint
     * @throws DivergedException when the loss stops being finite
     */
    public Model train(TrainingStart start, List<TrainingListener> listeners) throws IOException {
        TrainingState state = start.of(fit);
        TrainingLoop loop = new TrainingLoop(fit.network(), fit.loss(), fit.config(), layout, source, listeners);
        loop.check(state);
        listeners.forEach(listener -> listener.started(fit, state));
        loop.run(state);
        float[] trained = state.result();
        Temperature temperature = fit.config().calibration() == Calibration.TEMPERATURE
                ? new TemperatureSearch(fit.network(), trained, source).run()
                : null;
        TrainingEnd end = TrainingEnd.of(fit.config(), state).with(temperature);
        end = decided(end, trained);
        if (refit != null && state.isOver(fit.config())) {
            source.close(); // its memory and its places on the cluster are those of the next training
            return trainAgain(start.ofRefit(), state.best().epoch(), end, listeners);
        }
        tell(listeners, end);
        return fit.model(divided(trained, temperature), end);
    }

    private static void tell(List<TrainingListener> listeners, TrainingEnd end) {
        listeners.forEach(listener -> listener.ended(end));
    }

    /**
     * The end with what is found out by the probabilities of the validation rows: an isotonic calibration, and a
     * threshold.
     */
    private TrainingEnd decided(TrainingEnd end, float[] trained) {
        boolean isotonic = fit.config().calibration() == Calibration.ISOTONIC;
        if (!isotonic && !Threshold.needsRows(fit.config())) {
            return end;
        }
        boolean classes = PredictionKind.of(fit.loss()) == PredictionKind.CLASSES;
        BinaryScores scores =
                source.validate(divided(trained, end.temperature())).scores(classes ? 1 : 0);
        TrainingEnd decided = end;
        if (isotonic) {
            Isotonic found = Isotonic.of(scores);
            decided = decided.with(found);
            scores = found == null ? scores : found.applied(scores);
        }
        return Threshold.needsRows(fit.config()) ? decided.with(Threshold.choose(fit.config(), scores)) : decided;
    }

    private float[] divided(float[] trained, Temperature temperature) {
        return temperature == null ? trained : Temperature.divided(fit.network(), trained, temperature.value());
    }

    /** Trains on all rows for as many epochs as were best. */
    private Model trainAgain(TrainingStart start, int epochs, TrainingEnd first, List<TrainingListener> listeners)
            throws IOException {
        try (PreparedTraining again = refit.prepare()) {
            Fit all = again.fit;
            if (!Objects.equals(all.source(), fit.source())) {
                throw new DataException(
                        "the rows changed between the training that found the best epoch and the one on all"
                                + " rows. Cache a source that returns different rows each time, or write it to a file, before"
                                + " training");
            }
            listeners.forEach(listener -> listener.refitStarted(all.rows(), epochs));
            TrainingState state = start.of(all);
            List<TrainingListener> ofRefit = new ArrayList<>(List.of(new EndAfter(epochs)));
            listeners.forEach(listener -> ofRefit.add(listener.ofRefit()));
            TrainingLoop loop =
                    new TrainingLoop(all.network(), all.loss(), all.config(), again.layout, again.source, ofRefit);
            loop.check(state);
            ofRefit.forEach(listener -> listener.started(all, state));
            loop.run(state);
            TrainingEnd end = first.refitted(all.rows(), state);
            listeners.forEach(listener -> listener.ended(end));
            return Records.with(all, "config", fit.config()).model(divided(state.result(), end.temperature()), end);
        }
    }

    /** Ends a training after some epochs; the schedule is that of all. */
    private record EndAfter(int epochs) implements TrainingListener {
        @Override
        public void epochEnded(EpochResult result) {
            // what ends the training is below
        }

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            if (state.epoch() >= epochs) {
                state.stop();
            }
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
