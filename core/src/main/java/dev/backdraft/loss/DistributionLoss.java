package dev.backdraft.loss;

import dev.backdraft.linalg.Matrix;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A loss whose outputs describe the distribution of one label: quantiles, or a mean and a deviation. So a row has one
 * label, and the loss says how many outputs the network has.
 */
public interface DistributionLoss extends Loss {
    /** The number of outputs that it takes, whatever the labels. */
    int outputs();

    /** The name of an output, as in the name of a column: a mean, a deviation, a quantile. */
    String outputName(int output);

    /** The output that is the prediction if one number is wanted: a mean or a median, which errors are measured of. */
    int pointOutput();

    /** Whether an output is a deviation: it has the unit of the label, but is not shifted with it. */
    boolean isDeviation(int output);

    /** The probabilities of which the outputs are quantiles, ascending; empty if they are not quantiles. */
    default List<Double> levels() {
        return List.of();
    }

    /** {@link Target#VALUE}. */
    @Override
    default Target target() {
        return Target.VALUE;
    }

    /** False: all outputs describe the one label. */
    @Override
    default boolean comparesNumbers() {
        return false;
    }

    /** One. */
    @Override
    default int labelCount(int outputs) {
        return 1;
    }

    /**
     * True for quantiles, which stay quantiles on any scale; false where an output is a deviation, which cannot be
     * taken back.
     */
    @Override
    default boolean allowsLabelScale() {
        return IntStream.range(0, outputs()).noneMatch(this::isDeviation);
    }

    /**
     * Checks targets and outputs of a batch.
     *
     * @throws IllegalArgumentException when they have another shape
     */
    static void check(DistributionLoss loss, Matrix logits, Matrix target) {
        if (logits.rows() != loss.outputs() || target.rows() != 1) {
            throw new IllegalArgumentException(loss.name() + ": targets " + target.shape()
                    + " are not one label a row, or there are not " + loss.outputs() + " outputs: outputs "
                    + logits.shape());
        }
    }
}
