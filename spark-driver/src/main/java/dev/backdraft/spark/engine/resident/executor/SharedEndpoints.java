package dev.backdraft.spark.engine.resident.executor;

import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The endpoints of this JVM. The tasks of a session share one, which the first of them opens and the last one closes.
 * When its connection to the driver is lost, tasks that come later open another one, while tasks that are still
 * computing keep the old one.
 *
 * <p>Connecting can take half a minute. Meanwhile other tasks of the session wait until the connection is open or they
 * are interrupted, and tasks of other sessions are not affected. Thread-safe.
 */
final class SharedEndpoints {
    private final ConcurrentMap<String, Shared> open = new ConcurrentHashMap<>(); // by session

    /** An endpoint, perhaps not connected yet, and the number of tasks that use it. */
    private record Shared(FutureTask<ExecutorEndpoint> endpoint, AtomicInteger tasks) {
        /** Whether no task can use it any more. */
        boolean isLost() {
            try {
                return endpoint.isDone() && endpoint.get().isLost();
            } catch (ExecutionException e) {
                return true;
            } catch (InterruptedException e) {
                throw new AssertionError("nothing to wait for", e);
            }
        }
    }

    /**
     * Uses the endpoint of a session on behalf of a task.
     *
     * @param opener opens the endpoint; called unless another task has done so
     * @param use called once, on this thread
     * @throws IOException when the endpoint cannot be opened
     */
    void use(String session, Callable<ExecutorEndpoint> opener, Consumer<ExecutorEndpoint> use)
            throws IOException, InterruptedException {
        boolean used = false;
        while (!used) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            Shared shared = open.compute(session, (key, known) -> {
                Shared joined = known == null || known.isLost()
                        ? new Shared(new FutureTask<>(opener), new AtomicInteger())
                        : known;
                joined.tasks().incrementAndGet();
                return joined;
            });
            try {
                ExecutorEndpoint endpoint = await(shared.endpoint());
                if (endpoint != null) {
                    used = true;
                    use.accept(endpoint);
                }
            } finally {
                leave(session, shared);
            }
        }
    }

    /** The endpoint once it is open; null when the task that was opening it has been interrupted. */
    private static ExecutorEndpoint await(FutureTask<ExecutorEndpoint> endpoint)
            throws IOException, InterruptedException {
        endpoint.run(); // opens it on the first thread that gets here, and does nothing on others
        try {
            return endpoint.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof InterruptedException) {
                return null;
            }
            if (e.getCause() instanceof IOException unreachable) {
                throw unreachable;
            }
            throw new IllegalStateException(e.getCause());
        }
    }

    private void leave(String session, Shared shared) {
        boolean[] last = new boolean[1];
        open.compute(session, (key, known) -> {
            last[0] = shared.tasks().decrementAndGet() == 0;
            return last[0] && shared.equals(known) ? null : known;
        });
        if (last[0]) { // nobody can join it any more
            close(shared.endpoint());
        }
    }

    private static void close(FutureTask<ExecutorEndpoint> endpoint) {
        if (endpoint.isDone()) {
            try {
                endpoint.get().close();
            } catch (ExecutionException e) {
                return; // it was never open
            } catch (InterruptedException e) {
                throw new AssertionError("nothing to wait for", e);
            }
        }
    }
}
