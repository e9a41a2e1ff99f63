package dev.backdraft.data;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * The user's data or files cannot be used as requested. The message is complete: what is wrong, where (file and line,
 * or row and column), the value found, the value expected, and what to do. For programs that add how their own options
 * fix it, the {@link #reason} and the {@link #column} say the same without words.
 */
public final class DataException extends IllegalArgumentException {
    private static final long serialVersionUID = 3;

    private static final EnumSet<Setting> NONE = EnumSet.noneOf(Setting.class); // never changed

    private final Reason reason;
    private final InvalidValue invalidValue; // or null
    private final String column; // or null
    private final String text; // or null
    private final EnumSet<Setting> settings; // which Kryo can send

    /** A setting that a message tells to change. */
    public enum Setting {
        /** Sizes of the layers of the network. */
        LAYERS,

        /** The column of the label, or the columns of several. */
        LABEL
    }

    /** What kind of mistake it is. */
    public enum Reason {
        /** None of the others. */
        OTHER,

        /** A value is missing or not finite; the row may be skipped. */
        INVALID_VALUE,

        /** A feature is text instead of a number. */
        TEXT_FEATURE,

        /** There are no rows to train on. */
        NO_ROWS,

        /** All rows have the same label, so there is nothing to classify. */
        ONE_CLASS
    }

    public DataException(String format, Object... arguments) {
        this(Reason.OTHER, null, null, null, NONE, text(format, arguments));
    }

    private DataException(
            Reason reason,
            InvalidValue invalidValue,
            String column,
            String text,
            EnumSet<Setting> settings,
            String message) {
        super(message);
        this.reason = reason;
        this.invalidValue = invalidValue;
        this.column = column;
        this.text = text;
        this.settings = settings;
    }

    private static String text(String format, Object... arguments) {
        return arguments.length == 0 ? format : String.format(Locale.ROOT, format, arguments);
    }

    /** A mistake of this kind. */
    public static DataException of(Reason reason, String format, Object... arguments) {
        return new DataException(reason, null, null, null, NONE, text(format, arguments));
    }

    /**
     * A row that may be skipped, as one of its values is missing or not finite.
     *
     * @param reason null when the row must not be skipped
     */
    public static DataException ofValue(InvalidValue reason, String format, Object... arguments) {
        return new DataException(
                reason == null ? Reason.OTHER : Reason.INVALID_VALUE,
                reason,
                null,
                null,
                NONE,
                text(format, arguments));
    }

    /**
     * A feature that is text.
     *
     * @param column its name
     * @param text one value of the column, or null when only its type is known
     */
    public static DataException ofTextFeature(String column, String text, String format, Object... arguments) {
        return new DataException(Reason.TEXT_FEATURE, null, column, text, NONE, text(format, arguments));
    }

    /** The same mistake, with the place it is in before the message. */
    public DataException in(String place) {
        return new DataException(reason, invalidValue, column, text, settings, place + ": " + getMessage());
    }

    /** The same mistake, with more to do about it after the message. */
    public DataException or(String remedy) {
        return new DataException(reason, invalidValue, column, text, settings, getMessage() + "; or " + remedy);
    }

    /**
     * Whether it is about the first of perhaps many rows with a value that cannot be used, which have not been counted.
     */
    public boolean isOfFirstRow() {
        return reason == Reason.INVALID_VALUE
                && invalidValue != InvalidValue.OFF_SCALE; // those are counted where they are found
    }

    /** The same mistake of a row, with the number of all such rows after the message. */
    public DataException among(SkippedRows all) {
        return all.total() == 0
                ? this
                : new DataException(
                        reason,
                        invalidValue,
                        column,
                        text,
                        settings,
                        getMessage()
                                + text(
                                        " (%,d such row%s: %s)",
                                        all.total(), all.total() == 1 ? "" : "s", all.reasons()));
    }

    /** The same mistake, whose message tells to change these settings. */
    public DataException about(Setting... toChange) {
        return new DataException(reason, invalidValue, column, text, EnumSet.copyOf(List.of(toChange)), getMessage());
    }

    /** Settings that the message tells to change. */
    public Set<Setting> settings() {
        return Set.copyOf(settings);
    }

    /** What kind of mistake it is. */
    public Reason reason() {
        return reason;
    }

    /** Why the row may be skipped; null when it must not be. */
    public InvalidValue invalidValue() {
        return invalidValue;
    }

    /** The column of a feature that is text, or null. */
    public String column() {
        return column;
    }

    /** The text found instead of a number, or null. */
    public String text() {
        return text;
    }
}
