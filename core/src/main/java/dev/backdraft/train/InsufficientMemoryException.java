package dev.backdraft.train;

/** A training does not fit into the available memory. Nothing has been trained or written. The message has the figures. */
public final class InsufficientMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InsufficientMemoryException(String message) {
        super(message);
    }
}
