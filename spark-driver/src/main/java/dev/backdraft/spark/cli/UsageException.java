package dev.backdraft.spark.cli;

import java.util.function.Supplier;

/** What the user asked for cannot be done; the message says why and what to do instead. */
final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UsageException(String message) {
        super(message);
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
