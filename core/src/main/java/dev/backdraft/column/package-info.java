/**
 * Columns of a table as people have them (numbers with gaps, texts, dates) and how they become the numbers that a
 * network takes. Start with {@link dev.backdraft.column.ColumnScan}, which learns {@link dev.backdraft.column.Columns}
 * from raw rows.
 */
package dev.backdraft.column;
