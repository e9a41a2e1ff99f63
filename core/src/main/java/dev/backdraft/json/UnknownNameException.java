package dev.backdraft.json;

import java.util.List;

/** A name that nothing has in a {@link Catalog}, or in several. The message lists those that exist. */
public final class UnknownNameException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String unknown;

    /**
     * @param what kind of thing has no such name, as messages call it
     * @param names that exist
     */
    public UnknownNameException(String what, String name, List<String> names) {
        super(unknown(what, name) + NearMiss.suggestion(name, names) + ": use " + String.join(", ", names));
        unknown = unknown(what, name);
    }

    private static String unknown(String what, String name) {
        return "unknown " + what + " '" + name + "'";
    }

    /** The message for a name in a file that was valid where it was written. */
    public String inFile() {
        return unknown + "; a newer Backdraft may know it, or a class of your own that is missing on the class path";
    }
}
