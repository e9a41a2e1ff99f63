package dev.backdraft.spark.cli;

import dev.backdraft.data.file.CsvFormat;
import java.util.Locale;
import java.util.Map;

/**
 * Which rows are meant: the names that options and files give.
 *
 * @param data file, directory or URI
 * @param format of the files
 * @param labels the file of labels that goes with IDX images, or null
 * @param label column of the label, or null for the last one, or the model's
 * @param weight column of row weights, or null
 * @param csv how CSV files are written
 * @param columns which columns are features, and which are kept
 * @param skipInvalid whether rows with an invalid value are left out rather than refused
 */
record InputSpec(
        String data,
        Format format,
        String labels,
        String label,
        String weight,
        CsvFormat csv,
        ColumnChoice columns,
        boolean skipInvalid) {
    /** What a separator is called, where it cannot be shown or is hard to type. */
    private static final Map<String, Character> SEPARATORS =
            Map.of("comma", ',', "semicolon", ';', "tab", '\t', "\\t", '\t', "pipe", '|', "space", ' ');

    /** The same rows with this choice of columns and rows. */
    InputSpec with(ColumnChoice newColumns, boolean newSkipInvalid) {
        return new InputSpec(data, format, labels, label, weight, csv, newColumns, newSkipInvalid);
    }

    /**
     * How CSV files are written.
     *
     * @param separator one character, or its name; null to find it in the first line
     * @param header whether the first line has names; null when it has, unless it looks like data
     * @throws UsageException when this cannot separate cells
     */
    static CsvFormat csv(String separator, Boolean header) {
        char character = separator == null ? CsvFormat.DETECT : character(separator);
        return UsageException.check("--separator", () -> new CsvFormat(character, firstLine(header)));
    }

    private static char character(String separator) {
        Character named = SEPARATORS.get(separator.toLowerCase(Locale.ROOT));
        if (named == null && separator.length() != 1) {
            throw new UsageException("--separator: '" + separator
                    + "' is not one character: give one, or comma, semicolon, tab, pipe or space");
        }
        return named == null ? separator.charAt(0) : named;
    }

    private static CsvFormat.Header firstLine(Boolean header) {
        if (header == null) {
            return CsvFormat.Header.CHECKED;
        }
        return header ? CsvFormat.Header.FIRST_LINE : CsvFormat.Header.NONE;
    }

    /** What the files are; {@code auto} goes by their names. */
    enum Format {
        AUTO,
        CSV,
        LIBSVM,
        IDX,
        PARQUET;

        /** The name in files and on the command line. */
        String text() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
