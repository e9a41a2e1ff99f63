package dev.backdraft.train;

import dev.backdraft.data.DataLook;
import java.util.List;

/**
 * What a training does where the user says nothing, settled from the rows, features and outputs of the data. The command line, the
 * JSON configuration, {@code spark.ml} and {@link TrainingDraft} share these rules; what is said always wins.
 *
 * <ul>
 *   <li><b>Hidden layers</b> of 64 and 32 units, ReLU: enough for tables, and quick.
 *   <li><b>Features are standardized</b>, and the label of a regression, unless the rows look like pictures: classes of at least
 *       {@value #PICTURE} features that are all from 0 to 1. There a pixel that is nearly always 0 would be blown up.
 *   <li><b>Validation rows</b> are drawn from {@value #ENOUGH_ROWS} rows on: 10 %, at most {@value #MOST_VALIDATION} of them. Fewer rows
 *       are all needed for training, and would measure little. With validation rows the training ends {@value #PATIENCE} epochs
 *       after the best one, whose weights become the model.
 *   <li><b>Batch size</b>: the largest power of two up to √rows, from {@value #SMALLEST_BATCH} to {@value #LARGEST_BATCH}: noise helps where
 *       rows are few, full cores matter where they are many.
 *   <li><b>Learning rate</b> of Adam: 0.003 where no layer is wider than {@value #WIDE}, else 0.001.
 *   <li><b>Epochs</b> make at least {@value #UPDATES} updates (without validation rows, that would end a training, {@value
 *       #BLIND_UPDATES}), as it is updates that learn: from {@value #FEWEST_EPOCHS} epochs, so that many rows are seen several times, to
 *       {@value #MOST_EPOCHS}.
 *   <li><b>Penalty</b>: L2 of {@value #L2}, divided by the rows as every penalty: a prior that many rows soon outweigh, and that
 *       keeps a network from learning few by heart. Not where the user names another regularization or optimizer.
 * </ul>
 *
 * @param validationFraction 0 for none
 * @param l2 of {@link dev.backdraft.optim.Penalty}
 */
public record Defaults(boolean standardize, double validationFraction, int batchSize, double learningRate, double l2) {
    /** Units of the hidden layers. */
    public static final List<Integer> HIDDEN = List.of(64, 32);

    static final int PICTURE = 64;
    static final int ENOUGH_ROWS = 1000;
    static final int MOST_VALIDATION = 10_000;
    static final int PATIENCE = 10;
    static final int SMALLEST_BATCH = 16;
    static final int LARGEST_BATCH = 512;
    static final int WIDE = 256;
    static final int UPDATES = 3000;
    static final int BLIND_UPDATES = 2000;
    static final int FEWEST_EPOCHS = 20;
    static final int MOST_EPOCHS = 500;
    static final int L2 = 10;

    /**
     * What holds where nothing is said.
     *
     * @param classes whether the loss is one of classes
     * @param widest layer of the network, features included
     * @param ownValidation whether the user has named validation rows, or said that there are to be none
     */
    static Defaults of(DataLook look, boolean classes, int widest, boolean ownValidation) {
        boolean pictures = classes && look.width() >= PICTURE && look.isFromZeroToOne();
        long rows = look.rows();
        double fraction = ownValidation || rows < ENOUGH_ROWS ? 0 : Math.min(0.1, (double) MOST_VALIDATION / rows);
        return new Defaults(!pictures, fraction, batchSize(rows), widest <= WIDE ? 0.003 : 0.001, L2);
    }

    private static int batchSize(long rows) {
        int size = SMALLEST_BATCH;
        while (size < LARGEST_BATCH && 4L * size * size <= rows) {
            size *= 2;
        }
        return size;
    }

    /**
     * Passes over the training rows.
     *
     * @param updates of a pass
     * @param stopsEarly whether validation rows end the training
     */
    static int epochs(long updates, boolean stopsEarly) {
        long wanted = stopsEarly ? UPDATES : BLIND_UPDATES;
        long passes = (wanted + updates - 1) / Math.max(1, updates);
        return (int) Math.max(FEWEST_EPOCHS, Math.min(MOST_EPOCHS, passes));
    }
}
