package dev.backdraft.spark.engine.resident;

import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * An executor cannot connect to the driver. Thrown by a task; the driver finds it among the causes of the job's
 * failure.
 */
public final class UnreachableDriverException extends UncheckedIOException {
    private static final long serialVersionUID = 1;

    public UnreachableDriverException(String address, IOException cause) {
        super("executor cannot reach the driver at " + address, cause);
    }
}
