package dev.backdraft.spark.engine.resident;

/** The resident job is over while it was needed: failed, cancelled, or never begun. */
final class SessionEndedException extends Exception {
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

    Reason reason() {
        return reason;
    }
}
