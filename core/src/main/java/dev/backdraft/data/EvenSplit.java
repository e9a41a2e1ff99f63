package dev.backdraft.data;

/** Splits items 0, 1, 2 … into contiguous runs whose lengths differ by one at most. */
public final class EvenSplit {
    private EvenSplit() {}

    /** The first item of a run; the number of items for {@code run = runs}. */
    public static int first(int items, int runs, int run) {
        return (int) ((long) items * run / runs);
    }

    /** The run that an item is in. */
    public static int runOf(int items, int runs, int item) {
        return (int) (((item + 1L) * runs - 1) / items);
    }
}
