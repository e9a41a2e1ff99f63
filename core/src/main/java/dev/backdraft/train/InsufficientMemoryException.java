package dev.backdraft.train;

/** A training cannot fit into the memory that is there; nothing has been trained or written. The message has the figures. */
public final class InsufficientMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InsufficientMemoryException(String message) {
        super(message);
    }
}
