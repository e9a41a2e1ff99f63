package dev.backdraft.train.plan;

import dev.backdraft.train.InsufficientMemoryException;
import dev.backdraft.train.Objective;
import dev.backdraft.train.TrainingConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How each step of a training will run, and the memory that it takes. It is known before the first step.
 *
 * @param route where gradients are computed
 * @param lanes of a full step
 * @param leafRows rows of a full step in one lane
 * @param executors number of JVMs that compute; 1 where the driver's own JVM computes
 * @param workers number of threads or tasks that work on a step at once
 * @param slots number of threads or slots that there are; some are idle when a step has fewer lanes
 * @param parameters length of the vector that is sent and summed
 * @param networkBytes bytes over the driver's network per step, in both directions; 0 in one JVM
 * @param memory of each kind of process
 */
public record StepPlan(
        Route route,
        int lanes,
        int leafRows,
        int executors,
        int workers,
        int slots,
        int parameters,
        long networkBytes,
        List<MemoryNeed> memory) {
    /** Where the gradients of a step are computed. */
    public enum Route {
        LOCAL("thread", ""),
        JOB("Spark task", ", with one Spark job per step"),
        RESIDENT("resident worker", "");

        private final String worker;
        private final String more;

        Route(String worker, String more) {
            this.worker = worker;
            this.more = more;
        }

        /** The name in files and on the command line. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    public StepPlan {
        memory = List.copyOf(memory);
    }

    /**
     * The plan of a training on threads of this JVM.
     *
     * @param rowBytes of the blocks, validation rows too
     */
    public static StepPlan ofThreads(Objective objective, TrainingConfig config, long rowBytes, int threads) {
        int lanes = objective.layout().lanes();
        int workers = Math.min(threads, lanes);
        int leafRows = objective.layout().leafRows();
        int perWorker = (lanes + workers - 1) / workers;
        MemoryNeed heap = MemoryNeed.ofOneJvm(
                List.of(
                        new MemoryNeed.Part(
                                "parameters and optimizer", TrainingMemory.state(objective.network(), config)),
                        new MemoryNeed.Part(
                                workers + (workers == 1 ? " worker" : " workers"),
                                workers * TrainingMemory.worker(objective.network(), leafRows, perWorker)),
                        new MemoryNeed.Part("rows", rowBytes)),
                Runtime.getRuntime().maxMemory());
        int length = objective.network().length();
        return new StepPlan(Route.LOCAL, lanes, leafRows, 1, workers, threads, length, 0, List.of(heap));
    }

    private String idle() {
        int idle = slots - workers;
        String of = route == Route.LOCAL ? "threads" : "slots";
        return idle > 0
                ? String.format(Locale.ROOT, " (%,d of %,d %s %s idle)", idle, slots, of, idle == 1 ? "is" : "are")
                : "";
    }

    private static String count(long number, String thing) {
        return String.format(Locale.ROOT, "%,d %s%s", number, thing, number == 1 ? "" : "s");
    }

    /**
     * Refuses a training that cannot fit.
     *
     * @throws InsufficientMemoryException with the figures, when a process has too little memory
     */
    public void check() {
        memory.forEach(MemoryNeed::check);
    }

    /** For people: rows, lanes and workers of a step, then network traffic and memory. */
    public List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        sentences.add(String.format(
                Locale.ROOT,
                "each step trains on %s in %s, which %s %s%s%s",
                count((long) lanes * leafRows, "row"),
                count(lanes, "lane"),
                count(workers, route.worker),
                workers == 1 ? "computes" : "compute in parallel",
                route.more,
                idle()));
        if (networkBytes > 0) {
            sentences.add("each step sends " + MemoryNeed.text(networkBytes) + " over the driver's network");
        }
        sentences.add("memory that the training needs: "
                + memory.stream().map(MemoryNeed::toString).collect(Collectors.joining(", ")));
        return sentences;
    }

    /** The {@link #sentences}, on one line. */
    @Override
    public String toString() {
        return String.join("; ", sentences());
    }
}
