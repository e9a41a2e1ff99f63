/**
 * Readers of CSV, LibSVM and IDX files. Start with {@link dev.backdraft.data.file.ExampleFiles}.
 */
package dev.backdraft.data.file;
