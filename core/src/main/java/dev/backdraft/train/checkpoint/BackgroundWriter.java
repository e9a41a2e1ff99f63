package dev.backdraft.train.checkpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Writes one file at a time on a thread of its own. For one caller. */
final class BackgroundWriter implements AutoCloseable {
    private ExecutorService thread; // null before the first file
    private Future<?> pending; // null when the last one's outcome is known

    /** A file to write. */
    @FunctionalInterface
    interface Writing {
        void run() throws IOException;
    }

    /** Whether a file is being written. */
    boolean isBusy() {
        return pending != null && !pending.isDone();
    }

    /** Begins to write. To be called when it is not busy, and the last outcome is known. */
    void begin(Writing writing) {
        if (thread == null) {
            thread = Executors.newSingleThreadExecutor(task -> {
                Thread created = new Thread(task, "backdraft-checkpoints");
                created.setDaemon(true);
                return created;
            });
        }
        pending = thread.submit(() -> {
            writing.run();
            return null;
        });
    }

    /**
     * Waits for the file that is being written, through interrupts, which stay pending.
     *
     * @throws IOException when it could not be written; once for each file
     */
    void await() throws IOException {
        boolean interrupted = false;
        Future<?> last = pending;
        pending = null;
        try {
            while (last != null) {
                try {
                    last.get();
                    return;
                } catch (InterruptedException e) {
                    interrupted = true;
                } catch (ExecutionException e) {
                    throw failure(e.getCause());
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static IOException failure(Throwable cause) {
        if (cause instanceof UncheckedIOException unchecked) {
            return unchecked.getCause();
        }
        return cause instanceof IOException io ? io : new IOException(String.valueOf(cause), cause);
    }

    /** Ends the thread after its file. */
    @Override
    public void close() {
        if (thread != null) {
            thread.shutdown();
        }
    }
}
