package dev.backdraft.spark.cli;

import java.util.function.Supplier;

/** What the user asked for cannot be done; the message says why and what to do instead. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean incomplete;

    UsageException(String message) {
        this(message, false);
    }

    private UsageException(String message, boolean incomplete) {
        super(message);
        this.incomplete = incomplete;
    }

    /** An option is missing, which the help of the command would have shown. */
    static UsageException ofMissingOption(String message) {
        return new UsageException(message, true);
    }

    /** Whether an option is missing. */
    boolean isIncomplete() {
        return incomplete;
    }

    /**
     * Takes a refusal of the core for one of what the user wrote.
     *
     * @param where it was written, an option or a file; or null
     */
    static <T> T check(String where, Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new UsageException((where == null ? "" : where + ": ") + e.getMessage());
        }
    }
}
