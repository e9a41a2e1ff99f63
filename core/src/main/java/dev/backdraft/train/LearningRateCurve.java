package dev.backdraft.train;

import dev.backdraft.train.engine.LearningRateRange;
import java.util.List;
import java.util.OptionalDouble;

/**
 * What a {@link LearningRateRange} test has measured: the loss while the learning rate grows.
 *
 * @param points in the order of the steps
 * @param grown whether the test ended early, as the loss had grown too much or was no finite number
 */
public record LearningRateCurve(List<Point> points, boolean grown) {
    private static final double CLEAR = 3; // standard errors
    private static final double BEGUN = 0.25; // of the fall
    private static final double BELOW_LOWEST = 10;
    private static final double LEAST_FALL = 0.01; // of the loss

    /**
     * One step.
     *
     * @param step counted from 0
     * @param rate of the step's update
     * @param loss mean over the step's rows, before the update
     * @param smoothed average of the losses so far
     */
    public record Point(int step, double rate, double loss, double smoothed) {}

    public LearningRateCurve {
        points = List.copyOf(points);
    }

    /** The point whose smoothed loss is lowest; null when there are no points. */
    public Point lowest() {
        Point lowest = null;
        for (Point point : points) {
            if (lowest == null || point.smoothed() < lowest.smoothed()) {
                lowest = point;
            }
        }
        return lowest;
    }

    /** Losses in a row that a slope is taken from: a tenth of the steps, an odd number of at least 5. */
    public int window() {
        return Math.max(5, points.size() / 20 * 2 + 1);
    }

    /**
     * The rate at which the loss falls fastest: of all lines fitted by least squares to {@link #window} losses in a row, as they are,
     * against the logarithm of the rate, the one that falls most; the rate in its middle. Only losses up to the lowest smoothed one
     * count, because after it the training diverges, and only from where a quarter of the fall is made for good: before it the
     * losses of mini-batches differ by chance. A mean over a window does not lag, as a running average would.
     *
     * <p>Empty when the loss does not clearly fall: when the mean of the window at the lowest point is not below that of the first
     * window by 3 standard errors and a hundredth of it.
     */
    public OptionalDouble steepest() {
        int window = window();
        Point lowest = lowest();
        if (lowest == null || lowest.step() + 1 < window) {
            return OptionalDouble.empty();
        }
        int last = lowest.step() + 1 - window; // where the last window begins
        double fall = mean(0, window) - mean(last, window);
        double noise = CLEAR * deviation(0, window) * Math.sqrt(2.0 / window);
        if (!(fall > Math.max(noise, LEAST_FALL * Math.abs(mean(0, window))))) {
            return OptionalDouble.empty();
        }
        int begun = last;
        while (begun > 0 && mean(begun, window) <= mean(0, window) - BEGUN * fall) {
            begun--;
        }
        int best = begun;
        for (int from = begun + 1; from <= last; from++) {
            if (slope(from, window) < slope(best, window)) {
                best = from;
            }
        }
        return OptionalDouble.of(points.get(best + window / 2).rate());
    }

    /**
     * The rate to train with: the smaller of {@link #steepest} and a tenth of the rate at which the loss is lowest (Gugger 2018).
     * The lowest loss is that of the {@link #window} with the lowest mean, in its middle: the running average of the points
     * lags, and would put it at a larger rate. Empty when {@link #steepest} is.
     */
    public OptionalDouble suggestion() {
        OptionalDouble steepest = steepest();
        if (steepest.isEmpty()) {
            return steepest;
        }
        int window = window();
        int best = 0;
        for (int from = 1; from + window <= points.size(); from++) {
            if (mean(from, window) < mean(best, window)) {
                best = from;
            }
        }
        return OptionalDouble.of(
                Math.min(steepest.getAsDouble(), points.get(best + window / 2).rate() / BELOW_LOWEST));
    }

    /** The slope of the least-squares line, a step: the logarithms of the rates are equally far apart. */
    private double slope(int from, int count) {
        double middle = (count - 1) / 2.0;
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < count; i++) {
            sum += (i - middle) * points.get(from + i).loss();
            squares += (i - middle) * (i - middle);
        }
        return sum / squares;
    }

    private double mean(int from, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += points.get(from + i).loss();
        }
        return sum / count;
    }

    private double deviation(int from, int count) {
        double mean = mean(from, count);
        double squares = 0;
        for (int i = 0; i < count; i++) {
            double difference = points.get(from + i).loss() - mean;
            squares += difference * difference;
        }
        return Math.sqrt(squares / (count - 1));
    }
}
