package dev.backdraft.column;

/** What the cells of a column are. */
public enum ColumnKind {
    /** Numbers; true and false count as 1 and 0. */
    NUMBER,

    /** Names of categories: texts, or numbers that are only codes. */
    CATEGORY,

    /** Dates, or dates with a time, as ISO 8601 writes them; numbers are seconds since 1970. */
    DATE
}
