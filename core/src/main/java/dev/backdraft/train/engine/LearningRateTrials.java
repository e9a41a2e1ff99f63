package dev.backdraft.train.engine;

import dev.backdraft.json.Records;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.Fit;
import dev.backdraft.train.LearningRateCurve;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingState;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Short trainings that decide between a few learning rates around the one that a {@link LearningRateRange} test points to. A range
 * test sees each rate for one update only, so momentum and small data mislead it; a training of some updates does not.
 *
 * <p>The rates tried are 0.3, 1, 3 and 10 times the one given. Each trains from {@code repeats} random starts; its loss is the mean
 * over them of the validation loss after {@code updates} updates or, without validation rows, of the training loss over the last
 * fifth of the updates. It is infinite when one of them diverges.
 *
 * @param updates of each training, at least 1
 * @param repeats trainings with each rate, at least 1
 */
public record LearningRateTrials(int updates, int repeats) {
    private static final double[] FACTORS = {0.3, 1, 3, 10};
    private static final double AS_GOOD = 1.05; // times the lowest loss

    /**
     * What the trainings with one rate have reached.
     *
     * @param loss mean over the repeats; infinite when one diverged
     */
    public record Trial(double rate, double loss) {}

    public LearningRateTrials {
        if (updates < 1 || repeats < 1) {
            throw new IllegalArgumentException(
                    "learning rates are tried with at least 1 update and 1 repeat: " + updates + " and " + repeats);
        }
    }

    /** 100 updates, three times. */
    public LearningRateTrials() {
        this(100, 3);
    }

    /**
     * Runs the trainings; the smallest rate first.
     *
     * @param around a rate of the right order, as {@link LearningRateCurve#suggestion} is
     * @param training not changed, but for what its source computes
     */
    public List<Trial> run(PreparedTraining training, double around) {
        List<Trial> trials = new ArrayList<>();
        for (double factor : FACTORS) {
            double rate = factor * around;
            double loss = 0;
            for (int i = 0; i < repeats; i++) {
                loss += loss(training, rate, i) / repeats;
            }
            trials.add(new Trial(rate, loss));
        }
        return trials;
    }

    private double loss(PreparedTraining training, double rate, int repeat) {
        Fit fit = training.fit();
        TrainingConfig config = fit.config().withSeed(fit.config().seed() + repeat); // other start values
        TrainingState start = TrainingState.start(Records.with(fit, "config", config));
        UpdateRun run = new UpdateRun(training, start, 1 + repeat * updates); // other batches
        double sum = 0;
        int last = (updates + 4) / 5;
        try {
            for (int i = 0; i < updates; i++) {
                double loss = run.update(rate);
                sum += i >= updates - last ? loss : 0;
            }
            MetricSums validation = training.source().validate(run.parameters());
            double loss = validation == null ? sum / last : validation.loss();
            return Double.isFinite(loss) ? loss : Double.POSITIVE_INFINITY;
        } catch (DivergedException e) {
            return Double.POSITIVE_INFINITY;
        }
    }

    /**
     * The smallest rate whose loss is at most 5 % above the lowest: where two do about as well after few updates, the smaller one is
     * the safer for a long training. For a lowest loss that is not positive, the rate that reaches it. Empty when all diverged.
     */
    public static OptionalDouble suggestion(List<Trial> trials) {
        double lowest = trials.stream().mapToDouble(Trial::loss).min().orElse(Double.POSITIVE_INFINITY);
        if (lowest == Double.POSITIVE_INFINITY) {
            return OptionalDouble.empty();
        }
        return trials.stream()
                .filter(trial -> trial.loss() <= (lowest > 0 ? AS_GOOD : 1) * lowest)
                .mapToDouble(Trial::rate)
                .min();
    }
}
