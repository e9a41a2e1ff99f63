package dev.backdraft.spark.engine.resident;

import java.io.IOException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.apache.spark.TaskContext;

/** The sessions that this executor has tasks of. Each has one end here, from the first task that comes to the last that goes. */
final class ExecutorEnds {
    private static final ConcurrentMap<String, Shared> OPEN = new ConcurrentHashMap<>(); // by session

    private ExecutorEnds() {}

    private record Shared(ExecutorEnd end, int tasks) {}

    /**
     * Serves on the task's thread until the session is over.
     *
     * @param session name of the end: tasks with the same share it
     * @param parameterCount length of the vectors
     * @throws UnreachableDriverException when the driver cannot be reached
     */
    static void serve(String session, DriverAddress address, int parameterCount, Worker worker, TaskContext context) {
        Shared shared = OPEN.compute(
                session,
                (key, open) -> open == null
                        ? new Shared(connect(address, parameterCount), 1)
                        : new Shared(open.end(), open.tasks() + 1));
        try {
            shared.end().group().serve(worker, context);
        } finally {
            OPEN.compute(session, (key, open) -> {
                if (open.tasks() > 1) {
                    return new Shared(open.end(), open.tasks() - 1);
                }
                open.end().close();
                return null;
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
