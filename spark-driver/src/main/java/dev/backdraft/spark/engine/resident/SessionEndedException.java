package dev.backdraft.spark.engine.resident;

import dev.backdraft.spark.data.Cancellation;
import org.apache.spark.SparkContext;

/** The job of a session is over before the fit is: it failed, was cancelled, or could not begin. */
public final class SessionEndedException extends Exception {
    private static final long serialVersionUID = 1;

    /** Why the job is over. */
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
     * Classifies the end of the job. Spark passes on the exception of a task as the cause of the job's failure; where a
     * task knows the reason, such an exception is among its causes.
     *
     * @param failure or null when all its tasks have returned
     */
    public static SessionEndedException of(Throwable failure, SparkContext spark) {
        if (failure == null) {
            return new SessionEndedException(Reason.FAILED, "its tasks returned before the fit was over", null);
        }
        String message = String.valueOf(failure.getMessage());
        Reason reason = Reason.FAILED;
        if (Cancellation.isJobCancelled(failure, spark)) {
            reason = Reason.CANCELLED;
        } else {
            for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
                if (cause instanceof SessionEndedException ofTask) {
                    reason = ofTask.reason;
                }
            }
        }
        return new SessionEndedException(reason, message, failure);
    }

    public Reason reason() {
        return reason;
    }
}
