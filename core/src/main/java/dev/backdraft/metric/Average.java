package dev.backdraft.metric;

/** How the scores of the classes become one. */
public enum Average {
    /** The mean over all classes, those that never occur included. */
    MACRO,

    /** Of the rows of all classes pooled. With one class a row, precision, recall and F1 then equal the accuracy. */
    MICRO,

    /** The mean over classes, each counting by its share of the true rows. */
    WEIGHTED
}
