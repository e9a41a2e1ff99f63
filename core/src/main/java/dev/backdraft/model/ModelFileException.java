package dev.backdraft.model;

import java.io.IOException;
import java.util.Locale;

/**
 * A model file that cannot be read or written. The message names the file, what is wrong with it, and what to do.
 *
 * <p>Messages may quote a hostile file: they are kept short and free of control characters.
 */
public final class ModelFileException extends IOException {
    private static final long serialVersionUID = 1;
    private static final int LONGEST = 500;

    ModelFileException(String file, String problem, Throwable cause) {
        super(file + ": " + printable(problem), cause);
    }

    /** A model file with a fault. */
    static ModelFileException damaged(String file, String fault, Throwable cause) {
        return new ModelFileException(
                file, "cannot be used: " + fault + "; use another copy, or train the model again", cause);
    }

    /** A file that does not fit what it is to be used for. */
    public static ModelFileException unusable(String file, String why, Throwable cause) {
        return new ModelFileException(file, "cannot be used: " + why, cause);
    }

    /** @param leastMissing bytes; exact unless the file ends within its header */
    static ModelFileException truncated(String file, long leastMissing, boolean exact) {
        String count = String.format(Locale.ROOT, "%s%,d", exact ? "" : "at least ", leastMissing);
        String noun = leastMissing == 1 ? " byte is missing" : " bytes are missing";
        return new ModelFileException(file, "is truncated: " + count + noun + "; copy the file again", null);
    }

    private static String printable(String text) {
        String shown = text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
        return shown.codePoints()
                .map(c -> Character.isISOControl(c) ? ' ' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
