package dev.backdraft.train;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * How the steps of a training run, and the memory that they take: what is known before the first one.
 *
 * @param route how sums come to the driver
 * @param lanes of a whole step
 * @param leafRows of a whole lane
 * @param workers that work on a step at once
 * @param slots that could, if a step had lanes enough
 * @param parameters floats of the vector that is handed out and summed
 * @param networkBytes over the driver's network in a step, both ways; 0 in one JVM
 * @param memory of each kind of process
 */
public record StepPlan(
        Route route,
        int lanes,
        int leafRows,
        int workers,
        int slots,
        int parameters,
        long networkBytes,
        List<MemoryNeed> memory) {
    static final String MORE_HEAP =
            "give the JVM more (-Xmx; ./backdraft takes it from BACKDRAFT_JAVA_OPTS), or train on"
                    + " Spark (aggregation job, --aggregation job), which keeps rows on disk where memory is short";

    /** How the gradients of a step come together. */
    public enum Route {
        LOCAL("%d of %d threads of this JVM"),
        RESIDENT("%d of %d slots, by workers that stay"),
        JOB("%d of %d slots, by a Spark job a step");

        private final String workers;

        Route(String workers) {
            this.workers = workers;
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
     * The plan of a training by threads of this JVM.
     *
     * @param rowBytes of the blocks, validation rows too
     */
    static StepPlan ofThreads(Objective objective, TrainingConfig config, long rowBytes, int threads) {
        int lanes = objective.layout().lanes();
        int workers = Math.min(threads, lanes);
        int leafRows = objective.layout().leafRows();
        int perWorker = (lanes + workers - 1) / workers;
        MemoryNeed heap = new MemoryNeed(
                "heap of this JVM",
                List.of(
                        new MemoryNeed.Part(
                                "parameters and optimiser", TrainingMemory.state(objective.network(), config)),
                        new MemoryNeed.Part(
                                workers + (workers == 1 ? " worker" : " workers"),
                                workers * TrainingMemory.worker(objective.network(), leafRows, perWorker)),
                        new MemoryNeed.Part("rows", rowBytes)),
                Runtime.getRuntime().maxMemory(),
                0,
                MORE_HEAP);
        int length = objective.network().length();
        return new StepPlan(Route.LOCAL, lanes, leafRows, workers, threads, length, 0, List.of(heap));
    }

    /**
     * Refuses a training that cannot fit.
     *
     * @throws InsufficientMemoryException with the figures, when a process has too little memory
     */
    public void check() {
        memory.forEach(MemoryNeed::check);
    }

    /** One line: lanes, rows, workers, bytes a step, memory. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "a step: %d %s of %,d rows on %s; %s; memory: %s",
                lanes,
                lanes == 1 ? "lane" : "lanes",
                leafRows,
                String.format(Locale.ROOT, route.workers, workers, slots),
                networkBytes == 0
                        ? "nothing over the network"
                        : MemoryNeed.text(networkBytes) + " over the driver's network",
                memory.stream().map(MemoryNeed::toString).collect(Collectors.joining(", ")));
    }
}
