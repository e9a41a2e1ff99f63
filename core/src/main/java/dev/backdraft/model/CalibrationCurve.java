package dev.backdraft.model;

import java.util.List;

/**
 * What the probabilities of class 1 become after an isotonic calibration: a function that never falls, linear between
 * its points and constant outside. Zadrozny and Elkan 2002, "Transforming classifier scores into accurate multiclass
 * probability estimates".
 *
 * @param score probabilities that the network gives, rising, from 0 to 1; at least one
 * @param probability what each of them becomes, from 0 to 1; as many, never falling
 */
public record CalibrationCurve(List<Double> score, List<Double> probability) {
    public CalibrationCurve {
        score = List.copyOf(score);
        probability = List.copyOf(probability);
        if (score.isEmpty() || score.size() != probability.size()) {
            throw new IllegalArgumentException(
                    "a calibration curve needs one probability for each of its scores, at least" + " one: there are "
                            + score.size() + " scores and " + probability.size() + " probabilities");
        }
        for (int i = 0; i < score.size(); i++) {
            double s = score.get(i);
            double p = probability.get(i);
            boolean rises = i == 0 || (s > score.get(i - 1) && p >= probability.get(i - 1));
            if (!(s >= 0 && s <= 1 && p >= 0 && p <= 1 && rises)) {
                throw new IllegalArgumentException("point " + i + " of a calibration curve is (" + s + ", " + p
                        + "): scores must rise, probabilities must not fall, and both are from 0 to 1");
            }
        }
    }

    /** The calibrated probability for one that the network gives; NaN for NaN. */
    public double at(double given) {
        if (Double.isNaN(given)) {
            return given;
        }
        int above = 0; // the first point whose score is not below
        int end = score.size();
        while (above < end) {
            int middle = (above + end) >>> 1;
            if (score.get(middle) < given) {
                above = middle + 1;
            } else {
                end = middle;
            }
        }
        if (above == 0 || above == score.size()) {
            return probability.get(above == 0 ? 0 : above - 1);
        }
        double x = score.get(above - 1);
        double y = probability.get(above - 1);
        double slope = (probability.get(above) - y) / (score.get(above) - x);
        return Math.min(y + slope * (given - x), probability.get(above));
    }
}
