package dev.backdraft.spark.engine;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.network.Network;
import dev.backdraft.spark.engine.resident.driver.ResidentSettings;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.plan.MemoryNeed;
import dev.backdraft.train.plan.StepPlan;
import dev.backdraft.train.plan.TrainingMemory;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;

/**
 * How a training runs on a cluster, as far as that is known before its first step: the numbers of a {@link StepPlan}.
 *
 * @param local whether driver and executors are one JVM
 * @param executors JVMs, at least 1
 * @param slots tasks that they can run at once, at least 1
 * @param parts partitions of the training rows
 * @param executorMemory bytes of the heap of each
 */
record SparkPlan(boolean local, int executors, int slots, int parts, long executorMemory) {
    private static final String DRIVER =
            "give the driver more (--driver-memory, spark.driver.memory), or make the network smaller";
    private static final String EXECUTOR =
            "give executors more (--executor-memory, spark.executor.memory) or fewer cores"
                    + " (--executor-cores), or make network or batch smaller";

    /** On the cluster of this configuration. */
    static SparkPlan of(SparkConf conf, boolean local, int executors, int slots, int parts) {
        return new SparkPlan(
                local,
                local ? 1 : Math.max(1, executors),
                Math.max(1, slots),
                parts,
                conf.getSizeAsBytes("spark.executor.memory", "1g"));
    }

    /** Refuses, before any row is read, a network that the driver's memory cannot hold. */
    static void check(TrainingRequest request) {
        driver(request.network(), request.config(), List.of()).check();
    }

    private static MemoryNeed driver(Network network, TrainingConfig config, List<MemoryNeed.Part> more) {
        List<MemoryNeed.Part> parts = new ArrayList<>();
        parts.add(new MemoryNeed.Part("parameters and optimizer", TrainingMemory.state(network, config)));
        parts.addAll(more);
        return new MemoryNeed("driver", parts, Runtime.getRuntime().maxMemory(), 0, DRIVER);
    }

    /** The plan of one Spark job per step. */
    StepPlan ofJobs(Fit fit, BatchLayout layout, JobSettings settings) {
        long vector = TrainingMemory.vector(fit.network());
        int groups = settings.groups(parts, fit.network().length());
        long sums = groups == 0 ? parts : groups;
        MemoryNeed.Part results = new MemoryNeed.Part("sums from executors", 3 * sums * vector);
        return plan(StepPlan.Route.JOB, fit, layout, results, (executors + sums) * vector, 2);
    }

    /** The plan of resident workers. */
    StepPlan ofResidents(Fit fit, BatchLayout layout, ResidentSettings settings) {
        long vector = TrainingMemory.vector(fit.network());
        long neighbors = settings.neighbors(fit.network().length(), executors);
        MemoryNeed.Part results = new MemoryNeed.Part("sums from executors", local ? 0 : neighbors * vector);
        return plan(StepPlan.Route.RESIDENT, fit, layout, results, 2 * neighbors * vector, 0);
    }

    /** @param perTask further vectors that a task needs to send its sums */
    private StepPlan plan(
            StepPlan.Route route,
            Fit fit,
            BatchLayout layout,
            MemoryNeed.Part results,
            long networkBytes,
            int perTask) {
        Network network = fit.network();
        long vector = TrainingMemory.vector(network);
        int working = Math.min(slots, parts);
        int perExecutor = (working + executors - 1) / executors;
        int lanes = (layout.lanes() + parts - 1) / parts;
        long rows = TrainingMemory.blocks(
                layout.rows(), network.inputSize(), fit.loss().labelCount(network.outputSize()));
        MemoryNeed.Part workers = new MemoryNeed.Part(
                perExecutor + (perExecutor == 1 ? " worker" : " workers"),
                vector + perExecutor * (TrainingMemory.worker(network, layout.leafRows(), lanes) + perTask * vector));
        List<MemoryNeed> memory = new ArrayList<>();
        if (local) {
            memory.add(driver(network, fit.config(), List.of(results, workers)).withSpilling(rows));
        } else {
            memory.add(driver(network, fit.config(), List.of(results)));
            memory.add(new MemoryNeed("each executor", List.of(workers), executorMemory, rows / executors, EXECUTOR));
        }
        return new StepPlan(
                route,
                layout.lanes(),
                layout.leafRows(),
                executors,
                working,
                slots,
                network.length(),
                local ? 0 : networkBytes,
                memory);
    }
}
