package dev.backdraft.spark.cli;

import dev.backdraft.data.DataException;
import dev.backdraft.data.file.DataFile;
import java.util.List;

/**
 * The files of a data set. Hidden ones are left out, and in a directory those without a byte, as Spark writes them for empty
 * partitions.
 *
 * @param name as it was given
 * @param isDirectory or else one file
 * @param files the file itself, or those directly in the directory, in the order of their names
 * @param partitioned those in subdirectories that are called {@code column=value}, as Spark's partitionBy makes them
 * @param nested those in other subdirectories
 * @param partitionColumns the columns of the partitioned files' directories, in order
 * @param emptyFiles number of files without a byte that were left out
 */
record DataFiles(
        String name,
        boolean isDirectory,
        List<DataFile> files,
        List<DataFile> partitioned,
        List<DataFile> nested,
        List<String> partitionColumns,
        int emptyFiles) {

    /** The file that tells of what format the data set is. */
    DataFile first() {
        return List.of(files, partitioned, nested).stream()
                .flatMap(List::stream)
                .findFirst()
                .orElseThrow(() -> emptyFiles > 0
                        ? new DataException("%s: all files in this directory are empty", name)
                        : new DataException("%s: there are no files in this directory", name));
    }

    /**
     * The files directly in the directory.
     *
     * @throws DataException when that would leave out files in subdirectories
     */
    List<DataFile> flat() {
        first();
        if (!partitioned.isEmpty() || !nested.isEmpty()) {
            DataFile left = nested.isEmpty() ? partitioned.get(0) : nested.get(0);
            throw new DataException(
                    "%s: %s is in a subdirectory, but only files directly in the directory are read: move all"
                            + " files into one directory, or name the subdirectory (partition directories are for Parquet"
                            + " only)",
                    name, left.name());
        }
        return files;
    }

    /**
     * All files, those of partitions included.
     *
     * @throws DataException when that would leave out files in other subdirectories, or mix partitions and other files
     */
    List<DataFile> withPartitions() {
        first();
        if (!nested.isEmpty()) {
            throw new DataException(
                    "%s: %s is in a subdirectory that is not called column=value, and would not be read: move all files into"
                            + " one directory, or name the subdirectory",
                    name, nested.get(0).name());
        }
        if (!partitioned.isEmpty() && !files.isEmpty()) {
            throw new DataException(
                    "%s: %s is next to partition directories, not in one: move it away, or name the subdirectories",
                    name, files.get(0).name());
        }
        return partitioned.isEmpty() ? files : partitioned;
    }
}
