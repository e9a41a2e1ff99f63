package dev.backdraft.spark.storage;

import dev.backdraft.data.file.DataFile;

/**
 * A file or directory of a {@link Storage}, as it was when it was looked at.
 *
 * @param name path or URI
 * @param fileName the last part of it
 * @param length in bytes; 0 of a directory
 * @param modifiedMillis when it was last written
 * @param data to read it anywhere, on executors too
 */
public record StoredFile(
        String name, String fileName, boolean isDirectory, long length, long modifiedMillis, DataFile data) {}
