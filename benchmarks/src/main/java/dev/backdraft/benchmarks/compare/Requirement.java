package dev.backdraft.benchmarks.compare;

import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * A figure that Backdraft is to reach: a ratio of medians of one run.
 *
 * @param title what is compared
 * @param figure from the samples; empty when some are missing
 * @param required the least, or the most, that it may be
 * @param atMost whether it is the most
 * @param unit behind the numbers: {@code ×}
 */
record Requirement(
        String title, Function<Samples, OptionalDouble> figure, double required, boolean atMost, String unit) {
    private static final String[] LIBRARIES = {"torch", "torch-1", "sklearn"};

    boolean isReached(double value) {
        return atMost ? value <= required : value >= required;
    }

    /** All of them. */
    static List<Requirement> all() {
        return List.of(
                core("W1-sgd", "W1, SGD", 1.2),
                core("W1-adam", "W1, Adam", 1.2),
                core("W2-sgd", "W2, SGD", 1.1),
                core("W2-adam", "W2, Adam", 1.1),
                core("W3-b32", "W3, batch 32", 4),
                core("W3-b256", "W3, batch 256", 2),
                atLeast("one core to two, W2", 1.8, "W2-sgd", "core", "core-1"));
    }

    private static Requirement core(String workload, String title, double required) {
        return atLeast(
                "`core` with 2 threads, " + title + ", against the better of PyTorch and scikit-learn",
                required,
                workload,
                "core",
                LIBRARIES);
    }

    private static Requirement atLeast(
            String title, double required, String workload, String figure, String... others) {
        return new Requirement(title, ratio(workload, figure, others), required, false, "×");
    }

    /** A figure against the best of others. */
    private static Function<Samples, OptionalDouble> ratio(String workload, String figure, String... others) {
        return samples -> {
            OptionalDouble own = samples.median(workload, figure);
            OptionalDouble other = samples.best(workload, others);
            return own.isPresent() && other.isPresent()
                    ? OptionalDouble.of(own.getAsDouble() / other.getAsDouble())
                    : OptionalDouble.empty();
        };
    }
}
