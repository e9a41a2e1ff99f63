package dev.backdraft.train.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.SkippedRows;
import dev.backdraft.model.Model;
import dev.backdraft.train.Calibration;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.Fit;
import dev.backdraft.train.Temperature;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.util.List;

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
 */
public record PreparedTraining(
        Fit fit,
        BatchLayout layout,
        GradientSource source,
        StepPlan plan,
        SkippedRows skipped,
        SkippedRows skippedValidation,
        List<Integer> counting)
        implements AutoCloseable {
    /** Without anything known of the rows. */
    public PreparedTraining(Fit fit, BatchLayout layout, GradientSource source, StepPlan plan) {
        this(fit, layout, source, plan, new SkippedRows(), new SkippedRows(), List.of());
    }

    /**
     * The same training, which knows what the scan of the rows has found, and the validation rows that were skipped.
     */
    public PreparedTraining withScan(DataScan scan, SkippedRows ofValidation) {
        return new PreparedTraining(fit, layout, source, plan, scan.skipped(), ofValidation, scan.countingFeatures());
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
        listeners.forEach(listener -> listener.started(fit, state));
        loop.run(state);
        float[] trained = state.result();
        Temperature temperature = fit.config().calibration() == Calibration.TEMPERATURE
                ? new TemperatureSearch(fit.network(), trained, source).run()
                : null;
        TrainingEnd end = TrainingEnd.of(fit.config(), state).with(temperature);
        listeners.forEach(listener -> listener.ended(end));
        return fit.model(
                temperature == null ? trained : Temperature.divided(fit.network(), trained, temperature.value()), end);
    }

    @Override
    public void close() {
        source.close();
    }
}
