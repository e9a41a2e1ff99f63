package dev.backdraft.spark.cli;

import java.util.Locale;

/**
 * Which rows are meant: the names that options and files give.
 *
 * @param data file, directory or URI
 * @param format of the files
 * @param labels the file of labels that goes with IDX images, or null
 * @param label column of the label, or null for the last one, or the model's
 * @param weight column of row weights, or null
 */
record InputSpec(String data, Format format, String labels, String label, String weight) {
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
