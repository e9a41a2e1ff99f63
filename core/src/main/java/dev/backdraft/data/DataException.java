package dev.backdraft.data;

import java.util.Locale;

/**
 * The user's data or files cannot be used as requested. The message is complete: what is wrong, where (file and line, or row
 * and column), the value found, the value expected, and what to do.
 */
public final class DataException extends IllegalArgumentException {
    private static final long serialVersionUID = 2;

    private final InvalidValue invalidValue; // or null

    public DataException(String format, Object... arguments) {
        super(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
        invalidValue = null;
    }

    private DataException(InvalidValue invalidValue, String message) {
        super(message);
        this.invalidValue = invalidValue;
    }

    /**
     * A row that may be skipped, as one of its values is missing or not finite.
     *
     * @param reason null when the row must not be skipped
     */
    public static DataException ofValue(InvalidValue reason, String format, Object... arguments) {
        return new DataException(reason, String.format(Locale.ROOT, format, arguments));
    }

    /** Why the row may be skipped; null when it must not be. */
    public InvalidValue invalidValue() {
        return invalidValue;
    }
}
