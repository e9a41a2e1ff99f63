package dev.backdraft.train;

import dev.backdraft.train.Defaults.Choice;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The numbers in the choices of a {@link Preset}. They depend on the number of rows and the inputs, never on the
 * labels' values. See {@code docs/defaults.md} for their sources.
 *
 * @param groups ensembles whose members share weights; each has embeddings and hidden layers of its own
 * @param rows of the data, validation rows included
 */
record TabularRules(int groups, long rows) {
    /** Networks that share their weights. */
    static final int MEMBERS = 8;

    /** Deviation of the vectors of categories at the start: those that are never seen stay near 0, and say nothing. */
    static final double DEVIATION_OF_CATEGORIES = 0.1;

    static final List<Integer> HIDDEN = List.of(128, 128);
    static final double DROPOUT = 0.1;
    static final double WEIGHT_DECAY = 0.01;
    static final double LEARNING_RATE = 0.002;
    static final int PATIENCE = 16;

    /** Fewer rows leave none that could stop a training in time. */
    static final int ROWS_TO_STOP = 200;

    /** How large the vectors of categories are. */
    static final String CATEGORIES = "2 to 8 units each";

    private static final int AVERAGED_EPOCHS = 4;
    private static final int FEW_ROWS = 10_000;
    private static final int SMALL_BATCH = 128;
    private static final int FEWEST_STEPS = 8; // of an epoch
    private static final long UPDATES = 1000;
    private static final int MANY_ROWS = 50_000;
    private static final int FEWEST_EPOCHS = 20;
    private static final int MOST_EPOCHS = 200;
    private static final long ROWS_OF_ALL_EPOCHS = 4_000_000;
    private static final int NUMBER_SIZE = 16;
    private static final int MOST_NUMBER_OUTPUTS = 1024;
    private static final int FEWEST_BINS = 16;
    private static final int MOST_BINS = 256;
    private static final int MOST_CATEGORY_SIZE = 8;
    private static final int CONFIDENT_ROWS = 20;
    private static final double SMALLEST_DROPOUT = 0.05;

    /** Length of the vector of a number; 0 or 1 for none, when the numbers are many and tell enough as they are. */
    int embeddingOfNumbers(int numbers) {
        return Math.min(NUMBER_SIZE, MOST_NUMBER_OUTPUTS / Math.max(1, numbers));
    }

    /** The most bins of a number: the root of the rows, from 16 to 256. */
    int bins() {
        return (int) Math.max(FEWEST_BINS, Math.min(MOST_BINS, Math.round(Math.sqrt((double) rows))));
    }

    /** The boundaries of at most {@link #bins} bins, evenly taken from more. */
    List<Double> boundaries(List<Double> all) {
        int bins = Math.min(bins(), all.size() - 1);
        List<Double> some = new ArrayList<>();
        for (int i = 0; i <= bins; i++) {
            some.add(all.get((int) Math.round((double) i * (all.size() - 1) / bins)));
        }
        return some;
    }

    /**
     * Length of the vectors of a column's categories: 0.8 n^0.56, half of fastai's rule, from 2 to 8, as in RealMLP.
     */
    int embeddingOfCategories(int values) {
        return (int) Math.max(2, Math.min(MOST_CATEGORY_SIZE, Math.round(0.8 * StrictMath.pow(values, 0.56))));
    }

    /**
     * The share of the vectors of a column's categories that is dropped: m / (m + rows of a category), as a smoothed
     * mean of the label would move toward the mean of all rows, with m = 20.
     */
    double dropoutOfCategories(int values) {
        double share = CONFIDENT_ROWS / (CONFIDENT_ROWS + (double) rows / values);
        return share < SMALLEST_DROPOUT ? 0 : Math.round(100 * share) / 100.0;
    }

    /**
     * Few rows need noise, and many rows keep all cores busy.
     *
     * @param lanes that must divide the batch
     */
    Choice<Integer> batchSize(int lanes) {
        int size = rows < FEW_ROWS ? SMALL_BATCH : rows < MANY_ROWS ? 2 * SMALL_BATCH : 4 * SMALL_BATCH;
        while (size > Defaults.SMALLEST_BATCH && (long) size * FEWEST_STEPS > rows) {
            size /= 2;
        }
        int parts = Math.max(1, lanes);
        return new Choice<>((size + parts - 1) / parts * parts, "from 16 to 512, more with more rows");
    }

    /** The decay of the moving average of the weights, which is over about {@value #AVERAGED_EPOCHS} epochs. */
    Choice<Double> averaging(long batch) {
        double steps = (double) AVERAGED_EPOCHS * rows / batch;
        double decay = Math.max(0.9, Math.min(0.999, 1 - 1 / Math.max(1, steps)));
        return new Choice<>(
                Math.round(1000 * decay) / 1000.0, format("weights of about %d epochs are averaged", AVERAGED_EPOCHS));
    }

    /** The share of the rows that tells when to stop; none when it would tell nothing. */
    Choice<Double> validationFraction() {
        if (rows < ROWS_TO_STOP) {
            return new Choice<>(0.0, format("fewer than %,d rows: all are trained on", ROWS_TO_STOP));
        }
        double fraction = Math.min(0.15, (double) Defaults.MOST_VALIDATION / rows);
        return new Choice<>(fraction, format("about %,d rows, to stop in time", Math.round(fraction * rows)));
    }

    /**
     * The most epochs: early stopping ends most trainings before. Without it, there are {@value #UPDATES} updates.
     *
     * @param batch rows of a step
     */
    Choice<Integer> epochs(long batch, boolean stopsEarly) {
        long epochs = stopsEarly ? ROWS_OF_ALL_EPOCHS / rows : UPDATES * batch / rows;
        return new Choice<>(
                (int) Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, epochs)),
                stopsEarly ? "at most; early stopping ends it" : format("about %,d updates", UPDATES));
    }

    private static String format(String text, Object... arguments) {
        return String.format(Locale.ROOT, text, arguments);
    }
}
