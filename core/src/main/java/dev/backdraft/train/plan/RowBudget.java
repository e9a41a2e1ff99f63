package dev.backdraft.train.plan;

import dev.backdraft.data.Example;
import dev.backdraft.train.InsufficientMemoryException;
import java.util.List;
import java.util.Locale;

/** Sees to it that rows which are read into memory fit there, before they fill it. Mutable, for one thread. */
public final class RowBudget {
    private static final int LOOK_EVERY = 4096; // rows

    private final MemoryNeed.Part state;
    private final long available;
    private long rows;
    private long replaced;
    private long bytes;

    /**
     * A budget without rows.
     *
     * @param state what the training needs besides rows
     * @param available bytes
     */
    public RowBudget(long state, long available) {
        this.state = new MemoryNeed.Part("parameters and optimizer", state);
        this.available = available;
    }

    /**
     * Counts a row that is kept.
     *
     * @throws InsufficientMemoryException when the rows so far do not fit
     */
    public void add(Example row) {
        bytes += TrainingMemory.reading(row);
        rows++;
        if (rows % LOOK_EVERY == 0) {
            check();
        }
    }

    /**
     * Counts what a row that was counted before takes more now that it keeps its doubles.
     *
     * @throws InsufficientMemoryException when the rows so far do not fit
     */
    public void replace(Example row) {
        bytes += TrainingMemory.doubles(row);
        if (++replaced % LOOK_EVERY == 0) {
            check();
        }
    }

    /**
     * Refuses a training that cannot fit.
     *
     * @throws InsufficientMemoryException when the rows so far do not fit
     */
    public void check() {
        String what = String.format(Locale.ROOT, "the first %,d rows, read and sorted", rows);
        MemoryNeed.Part read = new MemoryNeed.Part(what, bytes);
        MemoryNeed.ofOneJvm(List.of(read, state), available).check();
    }
}
