package dev.backdraft.schedule;

import dev.backdraft.json.Require;

/**
 * What {@link ReduceOnPlateau} remembers: the rate, the best metric, bad results, results of the cool-down left. Its rate can be the
 * base of a {@link Schedule}. Mutable, not thread-safe.
 */
public final class PlateauState {
    private static final double LEAST_CHANGE = 1e-8; // as PyTorch's eps
    private static final int NUMBERS = 4;

    private final ReduceOnPlateau settings;
    private double rate;
    private double best;
    private int bad;
    private int cooldownLeft;

    PlateauState(ReduceOnPlateau settings, double base) {
        Require.positive("the learning rate", base);
        this.settings = settings;
        rate = base;
        best = settings.worst();
    }

    /** Takes the metric of an evaluation, in order, and returns the rate from now on. */
    public double observe(double metric) {
        if (settings.isBetter(metric, best)) {
            best = metric;
            bad = 0;
        } else {
            bad++;
        }
        if (cooldownLeft > 0) {
            cooldownLeft--;
            bad = 0;
        }
        if (bad > settings.patience()) {
            double lower = Math.max(rate * settings.factor(), settings.minRate());
            if (rate - lower > LEAST_CHANGE) {
                rate = lower;
            }
            cooldownLeft = settings.cooldown();
            bad = 0;
        }
        return rate;
    }

    /** The present learning rate. */
    public double rate() {
        return rate;
    }

    /** All of the state, for a checkpoint; a copy. */
    public double[] numbers() {
        return new double[] {rate, best, bad, cooldownLeft};
    }

    /**
     * Becomes the state of which these are the {@link #numbers}.
     *
     * @param numbers read
     */
    public void restore(double[] numbers) {
        if (numbers.length != NUMBERS) {
            throw new IllegalArgumentException("a plateau has " + NUMBERS + " numbers, not " + numbers.length);
        }
        Require.positive("the learning rate of a plateau", numbers[0]);
        if (Double.isNaN(numbers[1])) {
            throw new IllegalArgumentException("the best metric of a plateau is NaN");
        }
        checkWhole("bad results", numbers[2], settings.patience());
        checkWhole("results of the cool-down", numbers[3], settings.cooldown());
        rate = numbers[0];
        best = numbers[1];
        bad = (int) numbers[2];
        cooldownLeft = (int) numbers[3];
    }

    private static void checkWhole(String what, double count, int most) {
        if (!(count >= 0 && count <= most && count == Math.rint(count))) {
            throw new IllegalArgumentException(
                    "a plateau has counted " + count + " " + what + ", not a whole number from 0 to " + most);
        }
    }
}
