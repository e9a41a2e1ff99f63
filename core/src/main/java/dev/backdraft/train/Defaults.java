package dev.backdraft.train;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataSummary;
import dev.backdraft.optim.Optimizer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

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
            "yes, except for classes with at least 64 features that are all from 0 to 1, such as pixels, or with at least"
                    + " 1,000 features of which nine in ten are 0, such as word counts";

    /** How many rows are held out. */
    public static final String VALIDATION_RULE =
            "0.1 from 1,000 rows on, at most 10,000 rows; none for fewer than 1,000 rows";

    /** When a training stops early. */
    public static final String EARLY_STOPPING_RULE =
            "after 10 epochs without a better validation loss, when there are validation rows";

    /** How large a batch is. */
    public static final String BATCH_SIZE_RULE =
            "the largest power of 2 up to the square root of the number of rows, from 16 to 512";

    /** How fast the weights move. */
    public static final String LEARNING_RATE_RULE =
            "0.003, or 0.001 if a layer is wider than 256; optimizers other than adam have their own";

    /** How long a training is. */
    public static final String EPOCHS_RULE =
            "enough for 3,000 updates, or 2,000 without early stopping; from 20 to 500 epochs";

    /** How strong the penalty is. */
    public static final String L2_RULE =
            "10, or rows/40 if that is less; 0 without hidden layers or if another regularization is set";

    static final int PIXELS = 64;
    static final int SPARSE = 1000;
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
    static final int ROWS_PER_L2 = 40;

    private static final Set<String> LIKE_ADAM = Set.of("adam", "amsgrad", "adamw", "nadam", "lamb");
    private static final Map<String, Double> RATES = Map.ofEntries(
            Map.entry("sgd", 0.03),
            Map.entry("average-momentum", 0.03),
            Map.entry("corrected-average-momentum", 0.03),
            Map.entry("nesterov-average", 0.03),
            Map.entry("momentum", 0.01),
            Map.entry("heavy-ball", 0.01),
            Map.entry("nesterov", 0.01),
            Map.entry("nesterov-look-ahead", 0.01),
            Map.entry("normalized-gradient", 0.01),
            Map.entry("adagrad", 0.01),
            Map.entry("adadelta", 1.0),
            Map.entry("lion", 0.0003));

    /** A value and the reason for it, in a few words. */
    record Choice<T>(T value, String reason) {}

    private Defaults() {}

    /** Whether features, and the label of a regression, are scaled. A pixel that is nearly always 0 would become a huge number. */
    static Choice<Boolean> standardize(DataSummary data, boolean classes) {
        if (classes && data.width() >= PIXELS && data.isFromZeroToOne()) {
            return new Choice<>(false, "all features are from 0 to 1 already");
        }
        if (classes && data.width() >= SPARSE && data.density() < 0.1) {
            return new Choice<>(false, "nine in ten values are 0, and stay 0");
        }
        return new Choice<>(true, "features of different size learn alike");
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
        if ((long) size * size > rows) {
            return new Choice<>(size, "the smallest that is chosen: the rows are few");
        }
        return 4L * size * size <= rows
                ? new Choice<>(size, "the largest that is chosen: the rows are many")
                : new Choice<>(size, format("power of 2 up to √%,d (all rows count)", rows));
    }

    /**
     * The learning rate of an optimizer for a network whose widest layer, inputs included, has {@code widest} units.
     */
    static Choice<Double> learningRate(Optimizer optimizer, int widest) {
        if (optimizer.searchesLine()) {
            return new Choice<>(1.0, optimizer.name() + " finds the length of a step itself");
        }
        if (isLikeAdam(optimizer)) {
            return widest <= WIDE
                    ? new Choice<>(0.003, format("no layer is wider than %d", WIDE))
                    : new Choice<>(0.001, format("a layer is wider than %d", WIDE));
        }
        return new Choice<>(RATES.getOrDefault(optimizer.name(), 0.001), "common for " + optimizer.name());
    }

    /** Whether an optimizer takes the learning rate of Adam. */
    static boolean isLikeAdam(Optimizer optimizer) {
        return LIKE_ADAM.contains(optimizer.name());
    }

    /** The number of epochs. Updates, not epochs, are what moves the weights. */
    static Choice<Integer> epochs(long updatesPerEpoch, boolean stopsEarly) {
        long wanted = stopsEarly ? UPDATES : UPDATES_WITHOUT_VALIDATION;
        long per = Math.max(1, updatesPerEpoch);
        int epochs = (int) Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, (wanted + per - 1) / per));
        return new Choice<>(epochs, format("%,d updates", epochs * per) + (stopsEarly ? " at most" : ""));
    }

    /**
     * The L2 penalty, which the training divides by the number of rows: a prior that many rows outweigh. Few rows get a smaller one,
     * so that it is never more than 1/40 of a row's loss for a weight of 1.
     *
     * @param linear whether there is no hidden layer
     * @param otherRegularization whether the user has set any
     */
    static Choice<Double> l2(long rows, boolean linear, boolean otherRegularization) {
        if (otherRegularization) {
            return new Choice<>(0.0, "another regularization is set");
        }
        if (linear) {
            return new Choice<>(0.0, "none, as in linear and logistic regression");
        }
        double few = Math.max(1, Math.round(10.0 * rows / ROWS_PER_L2)) / 10.0;
        return few < L2
                ? new Choice<>(few, format("%,d rows / %d; is then divided by the rows", rows, ROWS_PER_L2))
                : new Choice<>((double) L2, "limits memorizing; is divided by the rows");
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
