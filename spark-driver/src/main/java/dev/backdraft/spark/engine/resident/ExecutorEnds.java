package dev.backdraft.spark.engine.resident;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.TaskContext;

/**
 * The sessions that this executor has tasks of. Each has one end here, from the first task that comes to the last that
 * goes. After the connection to the driver is lost, tasks that come have another end, and those that are still busy
 * keep the old one.
 */
final class ExecutorEnds {
    private static final ConcurrentMap<String, Shared> OPEN = new ConcurrentHashMap<>(); // by session

    private ExecutorEnds() {}

    private record Shared(ExecutorEnd end, AtomicInteger tasks) {}

    /**
     * Serves on the task's thread until the session is over.
     *
     * @param session name of the end: tasks with the same share it
     * @param parameterCount length of the vectors
     * @throws UnreachableDriverException when the driver cannot be reached
     */
    static void serve(String session, DriverAddress address, int parameterCount, Worker worker, TaskContext context) {
        Shared shared = OPEN.compute(session, (key, open) -> {
            Shared joined = open == null || open.end().isLost()
                    ? new Shared(connect(address, parameterCount), new AtomicInteger())
                    : open;
            joined.tasks().incrementAndGet();
            return joined;
        });
        try {
            shared.end().group().serve(worker, context);
        } finally {
            OPEN.compute(session, (key, open) -> {
                if (shared.tasks().decrementAndGet() > 0) {
                    return open;
                }
                shared.end().close();
                return shared.equals(open) ? null : open;
            });
        }
    }

    private static ExecutorEnd connect(DriverAddress address, int parameterCount) {
        DriverBlas.compare(address.blas());
        try {
            return new ExecutorEnd(address, parameterCount);
        } catch (IOException e) {
            throw new UnreachableDriverException(address, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while connecting to the driver", e);
        }
    }
}
