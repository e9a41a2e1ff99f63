package dev.backdraft.train.engine;

import dev.backdraft.json.Require;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.Fit;
import dev.backdraft.train.LearningRateCurve;
import dev.backdraft.train.TrainingState;
import java.util.ArrayList;
import java.util.List;

/**
 * The learning-rate range test of Smith 2017 ("Cyclical learning rates for training neural networks", section 3.3): mini-batch
 * after mini-batch the rate grows exponentially, {@code η(i) = from (to/from)^(i/(steps − 1))}, and the loss of each is noted,
 * until it has grown too much. Optimizer, batches, clipping and penalty are those of the training; its schedule is not.
 *
 * <p>For the end, losses are smoothed by an exponential average with its start corrected, {@code a ← β a + (1 − β) L}, divided by
 * {@code 1 − β^(i+1)}; the test stops when that is above {@value #GROWN} times its smallest value (Gugger 2018). Where the smallest
 * is not positive, as losses with a sign may have it, when it has risen by that less 1 times the larger of its size and what it had
 * fallen.
 *
 * @param from the first rate, positive
 * @param to the last rate, above {@code from}
 * @param steps updates, at least 10
 * @param smoothing β, at least 0 and below 1
 */
public record LearningRateRange(double from, double to, int steps, double smoothing) {
    private static final double GROWN = 4;
    private static final int FEWEST = 10;

    public LearningRateRange {
        if (!(from > 0) || !(to > from) || !Double.isFinite(to)) {
            throw new IllegalArgumentException(
                    "learning rates must be positive and grow, but go from " + from + " to " + to);
        }
        if (steps < FEWEST) {
            throw new IllegalArgumentException("a range test needs at least " + FEWEST + " steps: " + steps);
        }
        Require.fraction("smoothing", smoothing);
    }

    /** From 1e-7 to 10 in 100 steps, β = 0.9. */
    public LearningRateRange() {
        this(1e-7, 10, 100, 0.9);
    }

    /** The rate of a step, counted from 0. */
    public double rate(int step) {
        return from * StrictMath.pow(to / from, step / (steps - 1.0));
    }

    /**
     * Runs the test, from start values as a training has them. Goes through the rows as often as the steps need.
     *
     * @param training not changed, but for what its source computes
     * @throws IllegalArgumentException when the optimizer searches along lines, and so finds its rates itself
     */
    public LearningRateCurve measure(PreparedTraining training) {
        Fit fit = training.fit();
        Optimizer rule = fit.config().optimizer();
        if (rule.searchesLine()) {
            throw new IllegalArgumentException(
                    rule.name() + " finds its learning rates itself, by a line search: there is none to suggest");
        }
        UpdateRun run = new UpdateRun(training, TrainingState.start(fit), 1);
        List<LearningRateCurve.Point> points = new ArrayList<>();
        double average = 0;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < steps; i++) {
            double loss;
            try {
                loss = run.update(rate(i));
            } catch (DivergedException e) {
                return new LearningRateCurve(points, true);
            }
            average = smoothing * average + (1 - smoothing) * loss;
            double smoothed = average / (1 - StrictMath.pow(smoothing, i + 1));
            points.add(new LearningRateCurve.Point(i, rate(i), loss, smoothed));
            lowest = Math.min(lowest, smoothed);
            if (hasGrown(points.get(0).smoothed(), lowest, smoothed)) {
                return new LearningRateCurve(points, true);
            }
        }
        return new LearningRateCurve(points, false);
    }

    private static boolean hasGrown(double first, double lowest, double smoothed) {
        return lowest > 0
                ? smoothed > GROWN * lowest
                : smoothed - lowest > (GROWN - 1) * Math.max(-lowest, first - lowest);
    }
}
