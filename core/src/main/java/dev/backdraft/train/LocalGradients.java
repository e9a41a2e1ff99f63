package dev.backdraft.train;

import dev.backdraft.data.Block;
import dev.backdraft.data.Blocks;
import dev.backdraft.loss.Loss;
import dev.backdraft.metric.Metric;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Gradients computed by threads of this JVM, from blocks in memory. Each thread takes a contiguous run of lanes. */
public final class LocalGradients implements GradientSource {
    private final Blocks training;
    private final Blocks validation;
    private final Measures measures;
    private final List<LaneWorker> workers = new ArrayList<>();
    private final ExecutorService threads;

    /**
     * @param validation rows to measure the loss on, or null
     * @param seed of the order of rows
     * @param threadCount at least 1; does not change the result
     */
    public LocalGradients(Network network, Loss loss, Blocks training, Blocks validation, long seed, int threadCount) {
        this(
                new Objective(network, loss, training.layout(), seed),
                Measures.ofLoss(network, loss),
                training,
                validation,
                threadCount);
    }

    /**
     * @param objective over the training rows' layout
     * @param measures of the validation rows
     * @param validation or null
     * @param threadCount at least 1; does not change the result
     */
    public LocalGradients(Objective objective, Measures measures, Blocks training, Blocks validation, int threadCount) {
        this.measures = measures;
        this.training = training;
        this.validation = validation;
        int count = Math.min(threadCount, training.layout().lanes());
        for (int i = 0; i < count; i++) {
            workers.add(new LaneWorker(objective));
        }
        threads = Executors.newFixedThreadPool(threadCount, task -> {
            Thread thread = new Thread(task, "backdraft-gradient");
            thread.setDaemon(true);
            return thread;
        });
    }

    @Override
    public GradientSum gradient(int epoch, long step, float[] parameters) {
        int lanes = training.layout().lanes();
        List<Callable<List<LaneSum>>> tasks = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            LaneWorker worker = workers.get(i);
            int from = (int) ((long) lanes * i / workers.size());
            int to = (int) ((long) lanes * (i + 1) / workers.size());
            tasks.add(() -> worker.sums(epoch, step, from, to, parameters, training.blocks()::get));
        }
        List<LaneSum> nodes = new ArrayList<>();
        run(tasks).forEach(nodes::addAll);
        return GradientTree.merge(training.layout().activeLanes(step), nodes);
    }

    @Override
    public Validation validate(float[] parameters) {
        if (validation == null) {
            return null;
        }
        List<Callable<Validation>> tasks = new ArrayList<>();
        for (Block block : validation.blocks()) {
            tasks.add(() -> measures.of(block, parameters));
        }
        Validation sum = measures.none();
        run(tasks).forEach(sum::add); // in the order of the blocks
        return sum;
    }

    @Override
    public List<Metric> metrics() {
        return measures.metrics();
    }

    private <T> List<T> run(List<Callable<T>> tasks) {
        List<T> results = new ArrayList<>(tasks.size());
        try {
            if (tasks.size() == 1) {
                results.add(tasks.get(0).call());
                return results;
            }
            for (Future<T> future : threads.invokeAll(tasks)) {
                results.add(future.get());
            }
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while computing a gradient", e);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
