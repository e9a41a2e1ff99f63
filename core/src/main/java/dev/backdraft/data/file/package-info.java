/**
 * Readers of CSV, LibSVM and IDX files. Start with {@link dev.backdraft.data.file.ExampleFiles}. May depend on {@code data} and
 * what it depends on.
 */
package dev.backdraft.data.file;
