/**
 * Files by name, on this machine's disks or on any file system that Hadoop knows. Depends on {@code internal} and
 * core's {@code data} and {@code model}. Start with {@link dev.backdraft.spark.storage.Storage}.
 */
package dev.backdraft.spark.storage;
