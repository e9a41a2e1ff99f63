/** What the inputs of a network mean that takes the encoded columns of a table. Start with {@link dev.backdraft.column.ColumnInput}. */
package dev.backdraft.column;
