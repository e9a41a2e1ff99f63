package dev.backdraft.column;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.json.RecordJson;
import dev.backdraft.json.Require;
import java.io.Serializable;
import java.util.List;

/**
 * How the columns of a table are encoded. Its components are the settings that users make, on the command line, in
 * files and in programs.
 *
 * @param scaling of numbers; the numbers that are taken of dates always have the {@linkplain Scaling#ROBUST robust} one
 * @param clip scaled numbers stay below this absolute value, smoothly; 0 for no limit. Numbers scaled by their ranks
 *     are limited anyway
 * @param missing what stands for a gap among numbers, beside the flag that says that there is one
 * @param constant that stands for a gap, on the scale of the column; only with {@link Missing#CONSTANT}
 * @param minFrequency rows that a category needs so that it is not a rare one
 * @param maxCategories categories of a column that are kept, the most frequent ones; all others are rare
 * @param oneHotLimit a column with at most this many categories gets a flag for each, one with more gets codes for an
 *     embedding
 */
public record Encoding(
        Scaling scaling,
        double clip,
        Missing missing,
        double constant,
        int minFrequency,
        int maxCategories,
        int oneHotLimit)
        implements Serializable {
    private static final RecordJson RECORDS = new RecordJson(List.of());

    /** How numbers are scaled. */
    public enum Scaling {
        /** (x − median) / quartile distance · 1.349. */
        ROBUST,
        /** (x − mean) / standard deviation. */
        STANDARD,
        /** The rank among the training rows, as a value of the standard normal distribution. */
        QUANTILE_NORMAL,
        /** The rank among the training rows, from −1 to 1. */
        QUANTILE_UNIFORM;

        boolean isQuantile() {
            return this == QUANTILE_NORMAL || this == QUANTILE_UNIFORM;
        }
    }

    /** What stands for a gap. */
    public enum Missing {
        /** The median of the column. */
        MEDIAN,
        /** The mean of the column. */
        MEAN,
        /** A number that is given. */
        CONSTANT
    }

    public Encoding {
        Require.notNegative("clip", clip);
        Require.atLeast(1, "minFrequency", minFrequency);
        Require.atLeast(1, "maxCategories", maxCategories);
        Require.atLeast(0, "oneHotLimit", oneHotLimit);
        if (!Double.isFinite(constant)) {
            throw new IllegalArgumentException("constant must be a finite number: " + constant);
        }
        if (constant != 0 && missing != Missing.CONSTANT) {
            throw new IllegalArgumentException(
                    "constant is " + constant + ", but nothing uses it: add missing=constant, or leave it out");
        }
    }

    /** The defaults. */
    public Encoding() {
        this(Scaling.ROBUST, 3, Missing.MEDIAN, 0, 2, 10_000, 8);
    }

    /**
     * The encoding that a text describes, as in {@code scaling=standard,clip=5}; the defaults for null or an empty one.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Encoding of(String text) {
        return text == null || text.isEmpty() ? new Encoding() : read(JsonNodeFactory.instance.textNode(text));
    }

    /**
     * The encoding that JSON describes, an object or a text.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static Encoding read(JsonNode json) {
        return RECORDS.readRecord(json, new Encoding(), "encoding");
    }

    /** The encoding as a JSON object with all settings. */
    public JsonNode write() {
        return RECORDS.write(this);
    }
}
