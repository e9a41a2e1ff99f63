package dev.backdraft.train;

/** A training does not fit into the available memory. Nothing has been trained or written. The message has the figures. */
public final class InsufficientMemoryException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean inOneJvm;

    /**
     * Says what does not fit.
     *
     * @param inOneJvm whether all of the training shares one JVM, so that a larger heap of this JVM helps
     */
    public InsufficientMemoryException(String message, boolean inOneJvm) {
        super(message);
        this.inOneJvm = inOneJvm;
    }

    /** Whether the training runs in one JVM, which holds all rows. */
    public boolean isInOneJvm() {
        return inOneJvm;
    }
}
