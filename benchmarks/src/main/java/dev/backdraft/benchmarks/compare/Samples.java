package dev.backdraft.benchmarks.compare;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** All that was measured, in the order in which it was; and what peers said of themselves. Mutable. */
final class Samples {
    /**
     * One measurement.
     *
     * @param figure the name of what was measured: mostly the peer's
     */
    record Sample(String workload, int repeat, String figure, double value) {}

    private final List<Sample> samples = new ArrayList<>();
    private final Map<String, Map<String, String>> notes = new LinkedHashMap<>(); // by workload and figure

    void add(Workload workload, int repeat, PeerAnswer answer) {
        answer.figures().forEach((figure, value) -> {
            samples.add(new Sample(workload.id(), repeat, figure, value));
            notes.put(workload.id() + " " + figure, answer.notes());
        });
    }

    List<Sample> all() {
        return List.copyOf(samples);
    }

    /** What was said along with a figure's last sample; empty when there is none. */
    Map<String, String> notes(String workload, String figure) {
        return notes.getOrDefault(workload + " " + figure, Map.of());
    }

    /** The names of what was measured at a workload, in order. */
    List<String> figures(String workload) {
        return samples.stream()
                .filter(sample -> sample.workload().equals(workload))
                .map(Sample::figure)
                .distinct()
                .toList();
    }

    /** The values of a figure, ascending. */
    double[] sorted(String workload, String figure) {
        return samples.stream()
                .filter(sample ->
                        sample.workload().equals(workload) && sample.figure().equals(figure))
                .mapToDouble(Sample::value)
                .sorted()
                .toArray();
    }

    /** The median of a figure; of two middle values their mean. */
    OptionalDouble median(String workload, String figure) {
        double[] values = sorted(workload, figure);
        return values.length == 0 ? OptionalDouble.empty() : OptionalDouble.of(middle(values));
    }

    private static double middle(double[] sorted) {
        int half = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    }

    /** The largest of the medians that there are of these figures. */
    OptionalDouble best(String workload, String... figures) {
        return Arrays.stream(figures)
                .map(figure -> median(workload, figure))
                .flatMapToDouble(OptionalDouble::stream)
                .max();
    }
}
