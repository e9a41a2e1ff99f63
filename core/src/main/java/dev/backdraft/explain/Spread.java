package dev.backdraft.explain;

import dev.backdraft.model.Model;
import java.util.List;

/** Weighted mean and deviation of values, by updating both (West 1979). Mutable, not thread-safe. */
final class Spread {
    private double weight;
    private double mean;
    private double squares; // Σ w (v − mean)²

    void add(double value, double w) {
        weight += w;
        double fromMean = value - mean;
        mean += fromMean * (w / weight);
        squares += w * fromMean * (value - mean);
    }

    double mean() {
        return mean;
    }

    /** As the importance of a feature. */
    FeatureImportance of(Model model, int feature) {
        List<String> names = model.preprocessing().featureNames();
        String name = names.isEmpty() ? Integer.toString(feature) : names.get(feature);
        return new FeatureImportance(feature, name, mean, Math.sqrt(squares / weight));
    }
}
