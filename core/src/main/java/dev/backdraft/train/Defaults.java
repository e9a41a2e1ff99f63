package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataSummary;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Optimizer;
import java.util.List;
import java.util.Locale;

/**
 * The rules that choose the settings which the user leaves open, from the number of rows, the features and the labels. The command
 * line, JSON configurations, {@code spark.ml} and {@link TrainingDraft} share them. A setting that the user gives always wins.
 *
 * <p>The texts ending in {@code RULE} describe the rules for help and documentation. {@code docs/defaults.md} shows what they
 * achieve, and on which data sets they were chosen.
 */
public final class Defaults {
    /** Units of the hidden layers. */
    public static final List<Integer> HIDDEN = List.of(64, 32);

    /** Epochs without a better validation loss that end a training. */
    public static final int PATIENCE = 10;

    /** What {@link #HIDDEN} is. */
    public static final String HIDDEN_RULE = "64,32";

    /** When features are standardized. */
    public static final String STANDARDIZE_RULE =
            "yes, unless the features look like pixels: at least 64, all from 0 to 1, and labels that are classes";

    /** How many rows are held out. */
    public static final String VALIDATION_RULE =
            "0.1 from 1,000 rows on, at most 10,000 rows; none for fewer than 1,000 rows";

    /** When a training stops early. */
    public static final String EARLY_STOPPING_RULE =
            "after 10 epochs without a better validation loss, when there are validation rows";

    /** How large a batch is. */
    public static final String BATCH_SIZE_RULE = "about the square root of the number of rows, from 16 to 512";

    /** How fast the weights move. */
    public static final String LEARNING_RATE_RULE =
            "0.003; 0.001 if a layer is wider than 256 or the optimizer is not adam";

    /** How long a training is. */
    public static final String EPOCHS_RULE =
            "enough for 3,000 updates, or 2,000 without early stopping; from 20 to 500 epochs";

    /** How strong the penalty is. */
    public static final String L2_RULE = "10; 0 if another regularization is set, or an optimizer other than adam";

    static final int PIXELS = 64;
    static final int ENOUGH_ROWS = 1000;
    static final int MOST_VALIDATION = 10_000;
    static final int SMALLEST_BATCH = 16;
    static final int LARGEST_BATCH = 512;
    static final int WIDE = 256;
    static final int UPDATES = 3000;
    static final int UPDATES_WITHOUT_VALIDATION = 2000;
    static final int FEWEST_EPOCHS = 20;
    static final int MOST_EPOCHS = 500;
    static final int L2 = 10;

    /** A value and the reason for it, in a few words. */
    record Choice<T>(T value, String reason) {}

    private Defaults() {}

    /** Whether features, and the label of a regression, are scaled. A pixel that is nearly always 0 would become a huge number. */
    static Choice<Boolean> standardize(DataSummary data, boolean classes) {
        boolean pixels = classes && data.width() >= PIXELS && data.isFromZeroToOne();
        return pixels
                ? new Choice<>(false, "the features look like pixels from 0 to 1")
                : new Choice<>(true, "features of similar size are learned faster");
    }

    /** The share of the rows to validate on. */
    static Choice<Double> validationFraction(long rows) {
        if (rows < ENOUGH_ROWS) {
            return new Choice<>(0.0, format("fewer than %,d rows: all are trained on", ENOUGH_ROWS));
        }
        double fraction = Math.min(0.1, (double) MOST_VALIDATION / rows);
        return new Choice<>(fraction, format("about %,d rows, to stop in time", Math.round(fraction * rows)));
    }

    /** The largest power of two up to the root of the rows: few rows need noise, many rows keep all cores busy. */
    static Choice<Integer> batchSize(long rows, Optimizer optimizer) {
        if (optimizer.searchesLine()) {
            return new Choice<>(BatchLayout.FULL_BATCH, optimizer.name() + " needs all rows for each update");
        }
        int size = SMALLEST_BATCH;
        while (size < LARGEST_BATCH && 4L * size * size <= rows) {
            size *= 2;
        }
        return new Choice<>(size, format("about the square root of %,d rows", rows));
    }

    /** The learning rate of an optimizer for a network whose widest layer, inputs included, has so many units. */
    static Choice<Double> learningRate(Optimizer optimizer, int widest) {
        if (optimizer.searchesLine()) {
            return new Choice<>(1.0, optimizer.name() + " finds the length of a step itself");
        }
        if (!(optimizer instanceof Adam)) {
            return new Choice<>(0.001, "a careful start for any optimizer");
        }
        return widest <= WIDE
                ? new Choice<>(0.003, format("no layer is wider than %d", WIDE))
                : new Choice<>(0.001, format("a layer is wider than %d", WIDE));
    }

    /** The number of epochs. Updates, not epochs, are what moves the weights. */
    static Choice<Integer> epochs(long updatesPerEpoch, boolean stopsEarly) {
        long wanted = stopsEarly ? UPDATES : UPDATES_WITHOUT_VALIDATION;
        long per = Math.max(1, updatesPerEpoch);
        int epochs = (int) Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, (wanted + per - 1) / per));
        return new Choice<>(epochs, format("%,d updates", epochs * per) + (stopsEarly ? " at most" : ""));
    }

    /** The L2 penalty, which the training divides by the number of rows: a prior that many rows outweigh. */
    static Choice<Double> l2(boolean otherRegularization, Optimizer optimizer) {
        if (otherRegularization) {
            return new Choice<>(0.0, "another regularization is set");
        }
        return optimizer instanceof Adam
                ? new Choice<>((double) L2, "keeps a network from memorizing few rows")
                : new Choice<>(0.0, "the optimizer is not adam");
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
