package dev.backdraft.explain;

import java.util.List;

/**
 * How much each column of one row adds to what the model says of it, by {@link IntegratedGradients}.
 *
 * @param baseline f of the baseline
 * @param output f of the row
 * @param values one for each column, in their order: they sum up to {@code output − baseline + gap}
 * @param gap what the numerical integration has left: the sum of the values less the difference of the outputs
 */
public record Contributions(double baseline, double output, List<Double> values, double gap) {
    public Contributions {
        values = List.copyOf(values);
    }
}
