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
 * @param unit after the numbers: {@code ×}
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
                core("W1-sgd", "W1, SGD", 1.4),
                core("W1-adam", "W1, Adam", 1.4),
                core("W2-sgd", "W2, SGD", 1.2),
                core("W2-adam", "W2, Adam", 1.2),
                core("W3-b32", "W3, batch 32", 8),
                core("W3-b256", "W3, batch 256", 4),
                ddp("W1-sgd", "W1", 2),
                ddp("W2-sgd", "W2", 1.3),
                ddp("W3-b32", "W3, batch 32", 10),
                atLeast("W2 against its matrix products alone, 2 threads", 0.88, "W2-sgd", "core", "products"),
                spark("W1-sgd", "W1", 0.97),
                spark("W2-sgd", "W2", 0.97),
                spark("W3-b32", "W3, batch 32", 0.97),
                executors("W2-sgd", "W2", 0.85),
                executors("W1-sgd", "W1", 0.6),
                new Requirement(
                        "a step of one job, 10⁴ parameters, against an empty job on the same RDD",
                        ratio("overhead", "job-step", "empty-job"),
                        2,
                        true,
                        "×"),
                atLeast("W4, Spark `local[2]`, against MLlib's perceptron", 3, "W4", "spark", "mllib"),
                atLeast(
                        "a step of W1, Spark `local[2]`, against one of MLlib's `gd` on 128 rows",
                        50,
                        "W1-sgd",
                        "spark",
                        "mllib-128"),
                atLeast("from one core to two, W2", 1.8, "W2-sgd", "core", "core-1"),
                new Requirement(
                        "memory of a fit of W1 on `local[2]` beyond its data",
                        samples -> samples.median("memory", "process-peak"),
                        1000,
                        true,
                        "MB"));
    }

    private static Requirement ddp(String workload, String title, double required) {
        String what = "two executors, " + title + ", against PyTorch DDP, two processes";
        return atLeast(what, required, workload, "executors", "torch-ddp");
    }

    private static Requirement spark(String workload, String title, double required) {
        String what = "Spark `local[2]`, " + title + ", against `core` with 2 threads";
        return atLeast(what, required, workload, "spark", "core");
    }

    private static Requirement executors(String workload, String title, double required) {
        String what = "two executors, " + title + ", against `local[2]`";
        return atLeast(what, required, workload, "executors", "spark");
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
