package dev.backdraft.data;

import java.util.Locale;

/**
 * The user's data or files cannot be used as requested. The message is complete: what is wrong, where (file and line, or row
 * and column), the value found, the value expected, and what to do.
 */
public final class DataException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public DataException(String format, Object... arguments) {
        super(arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments));
    }
}
