package dev.backdraft.spark.engine.resident;

/**
 * The part of an {@link Ask} that one worker does.
 *
 * @param worker index of the worker
 * @param attempt of its task: a rerun of the task is another
 * @param parts partitions of the training or validation rows, in rising order; kept, not changed
 */
@SuppressWarnings("ArrayRecordComponent") // shares are never compared by content
record Share(int worker, long attempt, int[] parts) {}
