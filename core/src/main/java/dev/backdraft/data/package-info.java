/**
 * Rows, from a source to the leaf of a mini-batch: checks, preprocessing, the canonical order, and how rows are cut
 * into lanes, blocks and leaves.
 *
 * <p>Start with {@link dev.backdraft.data.BatchLayout} (which rows a step takes) and {@link dev.backdraft.data.RowKey} (why
 * that does not depend on how the input was partitioned).
 */
package dev.backdraft.data;
