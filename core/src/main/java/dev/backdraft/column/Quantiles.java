package dev.backdraft.column;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Quantiles of weighted values. A value of weight 2 is the same as two values. For one thread. */
final class Quantiles {
    private final List<double[]> pairs; // value and weight
    private double total;

    Quantiles(int capacity) {
        pairs = new ArrayList<>(capacity);
    }

    void add(double value, double weight) {
        pairs.add(new double[] {value + 0.0, weight});
    }

    /** Sorts the values; needed before anything is asked. */
    Quantiles sorted() {
        pairs.sort(Comparator.<double[]>comparingDouble(pair -> pair[0]).thenComparingDouble(pair -> pair[1]));
        total = 0;
        for (double[] pair : pairs) {
            total += pair[1];
        }
        return this;
    }

    boolean isEmpty() {
        return pairs.isEmpty();
    }

    /** The smallest value with at least this share of the weight at or below it. */
    double at(double share) {
        double sum = 0;
        for (double[] pair : pairs) {
            sum += pair[1];
            if (sum >= share * total) {
                return pair[0];
            }
        }
        return highest();
    }

    double lowest() {
        return pairs.get(0)[0];
    }

    double highest() {
        return pairs.get(pairs.size() - 1)[0];
    }

    /**
     * Boundaries of bins with about equal weight: at most {@code bins} + 1 ascending values, the lowest and the
     * highest one included; none when all values are equal.
     */
    List<Double> boundaries(int bins) {
        List<Double> boundaries = new ArrayList<>();
        if (isEmpty() || lowest() == highest()) {
            return boundaries;
        }
        boundaries.add(lowest());
        double sum = 0;
        int next = 1;
        for (double[] pair : pairs) {
            sum += pair[1];
            if (next < bins && sum >= next * total / bins) {
                next = (int) Math.floor(sum * bins / total) + 1;
                add(boundaries, pair[0]);
            }
        }
        add(boundaries, highest());
        return boundaries;
    }

    /**
     * Points of the distribution: different values, ascending, each with the share of the weight below it and half of
     * the weight at it, which is its mean rank. All values, or those at {@code steps} steps of equal weight and those
     * beside jumps of more than half a step, the lowest and the highest one included.
     *
     * @return pairs of value and share
     */
    List<double[]> ranks(int steps) {
        List<double[]> all = new ArrayList<>();
        double below = 0;
        for (int i = 0; i < pairs.size(); ) {
            double value = pairs.get(i)[0];
            double at = 0;
            for (; i < pairs.size() && pairs.get(i)[0] == value; i++) {
                at += pairs.get(i)[1];
            }
            all.add(new double[] {value, (below + at / 2) / total});
            below += at;
        }
        if (all.size() <= steps) {
            return all;
        }
        List<double[]> some = new ArrayList<>();
        double next = 0;
        double jump = 0.5 / steps;
        for (int i = 0; i < all.size(); i++) {
            double share = all.get(i)[1];
            boolean afterJump = i > 0 && share - all.get(i - 1)[1] > jump;
            boolean beforeJump = i == all.size() - 1 || all.get(i + 1)[1] - share > jump;
            if (share >= next || afterJump || beforeJump) {
                some.add(all.get(i));
                next = (Math.floor(share * steps) + 1) / steps;
            }
        }
        return some;
    }

    private static void add(List<Double> boundaries, double value) {
        if (value > boundaries.get(boundaries.size() - 1)) {
            boundaries.add(value);
        }
    }
}
