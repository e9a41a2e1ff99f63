package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.Cancellation;
import org.apache.spark.SparkContext;

/** The resident job is over while it was needed: failed, cancelled, or never begun. */
final class SessionEndedException extends Exception {
    /** How the message of a task begins that cannot connect. */
    static final String UNREACHABLE_MESSAGE = "executor cannot reach the driver at ";

    private static final long serialVersionUID = 1;

    /** How it came. */
    enum Reason {
        FAILED,
        CANCELLED,
        UNREACHABLE
    }

    private final Reason reason;

    SessionEndedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * What the end of the job means.
     *
     * @param failure or null, when all its tasks have returned
     */
    static SessionEndedException of(Throwable failure, SparkContext spark) {
        if (failure == null) {
            return new SessionEndedException(Reason.FAILED, "its tasks returned before the fit was over", null);
        }
        String message = String.valueOf(failure.getMessage());
        Reason reason = Reason.FAILED;
        if (Cancellation.isJobCancelled(failure, spark)) {
            reason = Reason.CANCELLED;
        } else if (message.contains(UNREACHABLE_MESSAGE)) { // Spark passes a task's exception on as text
            reason = Reason.UNREACHABLE;
        }
        return new SessionEndedException(reason, message, failure);
    }

    Reason reason() {
        return reason;
    }
}
