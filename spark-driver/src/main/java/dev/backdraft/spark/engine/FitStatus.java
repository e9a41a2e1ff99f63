package dev.backdraft.spark.engine;

/**
 * The progress of a fit on Spark. Immutable; figures that are not known yet, or never, are NaN.
 *
 * @param running false from its end on
 * @param epoch that it is in, counted from 1; 0 before the first step
 * @param epochs that were asked for
 * @param batch of the epoch that was done last, counted from 1
 * @param batches of an epoch
 * @param steps gradients computed by this fit so far, those of an epoch that is done again included
 * @param rows trained on so far, those of a repeated epoch included
 * @param loss mean over the rows of this epoch so far, each at the parameters of its step
 * @param validationLoss mean over the validation rows, when they were last measured
 * @param rowsPerSecond of late: within the last second or so
 * @param computeShare share of that time that forward and backward passes took, 0 … 1
 * @param combineShare share of that time that adding partial sums took
 * @param waitShare share of that time that the network and the scheduling of tasks took
 */
public record FitStatus(
        boolean running,
        int epoch,
        int epochs,
        long batch,
        long batches,
        long steps,
        long rows,
        double loss,
        double validationLoss,
        double rowsPerSecond,
        double computeShare,
        double combineShare,
        double waitShare) {
    /** No fit yet. */
    public static final FitStatus NONE = new FitStatus(
            false, 0, 0, 0, 0, 0, 0, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);

    /** As in {@code epoch 3/20, batch 118/244}. */
    @Override
    public String toString() {
        return "epoch " + epoch + '/' + epochs + ", batch " + batch + '/' + batches;
    }
}
