package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.spark.storage.Storage;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/**
 * Parquet files as Spark reads them, with the columns of partitions. Names are taken literally: brackets are not a pattern, and
 * a path without a scheme is local whatever the default file system is.
 */
final class ParquetFiles {
    private static final String OF_PATTERNS = "\\{}[]*?"; // characters that mean something in Hadoop's patterns

    private final DataFiles found;
    private final List<DataFile> files;

    /** @throws DataException when some of the files would not be read */
    ParquetFiles(DataFiles found) {
        this.found = found;
        this.files = found.withPartitions();
    }

    /** The rows; only the columns are read. */
    Dataset<Row> read(SparkSession session) {
        try {
            if (found.emptyFiles() == 0) {
                return session.read().parquet(pattern(found.name()));
            }
            return session.read()
                    .option("basePath", location(found.name()))
                    .parquet(files.stream().map(file -> pattern(file.name())).toArray(String[]::new));
        } catch (Exception
                | AssertionError e) { // checked ones, undeclared; assertions on directories that do not agree
            throw unreadable(found.name(), e);
        }
    }

    /**
     * Refuses to take a column of partitions as the label only because it is the last one.
     *
     * @param label as it was given, or null
     */
    void checkLabel(String label) {
        if (label == null && !found.partitionColumns().isEmpty()) {
            throw new UsageException(found.name() + ": the last column, '"
                    + found.partitionColumns().get(found.partitionColumns().size() - 1)
                    + "', comes from the directory names: name the label with --label COLUMN");
        }
    }

    private static DataException unreadable(String name, Throwable failure) {
        DataException refusal =
                new DataException("%s: cannot be read as Parquet: %s", name, firstLine(rootCause(failure)));
        refusal.initCause(failure);
        return refusal;
    }

    /** The refusal of a file in which Spark fails while it reads the rows, in one line. */
    static DataException unreadable(Throwable failure) {
        Throwable root = rootCause(failure);
        return new DataException("%s", firstLine(failure) + (root == failure ? "" : ": " + firstLine(root)));
    }

    /** Says what is wrong; the failures around it say only that something is. */
    private static Throwable rootCause(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }

    private static String firstLine(Throwable failure) {
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }

    private static String location(String name) {
        return Storage.of(name).location(name);
    }

    private static String pattern(String name) {
        StringBuilder escaped = new StringBuilder();
        for (char c : location(name).toCharArray()) {
            escaped.append(OF_PATTERNS.indexOf(c) >= 0 ? "\\" : "").append(c);
        }
        return escaped.toString();
    }
}
