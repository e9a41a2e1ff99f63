package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.Cancellation;
import org.apache.spark.SparkContext;

/** The resident job is over while it was needed: failed, cancelled, or never begun. */
public final class SessionEndedException extends Exception {
    private static final long serialVersionUID = 1;

    /** How it came. */
    public enum Reason {
        FAILED,
        CANCELLED,
        UNREACHABLE
    }

    private final Reason reason;

    public SessionEndedException(Reason reason, String message, Throwable cause) {
        super(message, cause);
        this.reason = reason;
    }

    /**
     * What the end of the job means.
     *
     * @param failure or null, when all its tasks have returned
     */
    public static SessionEndedException of(Throwable failure, SparkContext spark) {
        if (failure == null) {
            return new SessionEndedException(Reason.FAILED, "its tasks returned before the fit was over", null);
        }
        String message = String.valueOf(failure.getMessage());
        Reason reason = Reason.FAILED;
        if (Cancellation.isJobCancelled(failure, spark)) {
            reason = Reason.CANCELLED;
        } else if (isUnreachable(failure)) {
            reason = Reason.UNREACHABLE;
        }
        return new SessionEndedException(reason, message, failure);
    }

    /** Spark hands on what a task has thrown as the cause of the job's failure. */
    private static boolean isUnreachable(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnreachableDriverException) {
                return true;
            }
        }
        return false;
    }

    public Reason reason() {
        return reason;
    }
}
