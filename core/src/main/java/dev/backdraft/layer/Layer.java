package dev.backdraft.layer;

import dev.backdraft.activation.Activation;
import dev.backdraft.initializer.Initializer;
import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.tensor.Parameter;
import java.io.Serializable;
import java.util.List;

/**
 * A differentiable function of a batch. n is the number of examples, one example a column.
 *
 * <p>A layer is configuration only: immutable, shared between threads. Its parameters are a {@link Slice} of the flat
 * vector of the network, and one accessor serves parameters and gradient alike. What it must remember from forward to
 * backward is in the scratch of its {@link Pass}.
 *
 * <p>To write your own: a public record with a public constructor without arguments, which creates a layer of size 1
 * with the default constants, and its class name in {@code META-INF/services/dev.backdraft.layer.Layer}. Sizes that
 * follow from the layer before are components called {@code inputSize}, or {@code size} when the output is as large as
 * the input.
 */
public interface Layer extends Serializable {
    /** The name of this type of layer in files. */
    String name();

    int inputSize();

    int outputSize();

    /** The matrices in this layer's slice of the trained parameters, in order. */
    default List<Parameter> parameters() {
        return List.of();
    }

    /**
     * The matrices in this layer's slice of the statistics, such as running means, in order. They are updated in
     * training, but not by gradients.
     */
    default List<Parameter> statistics() {
        return List.of();
    }

    /** Length of this layer's slice of the parameters; 0 without parameters. */
    default int parameterCount() {
        return length(parameters());
    }

    /** Length of this layer's slice of the statistics; 0 without statistics. */
    default int statisticCount() {
        return length(statistics());
    }

    /** Overwrites the parameters with initial values, drawn only from {@code random}. */
    default void initialize(Slice parameters, SplitMix random) {}

    /** Overwrites the statistics with their initial values. */
    default void initializeStatistics(Slice statistics) {}

    /**
     * Checks finite statistics that were read from a file.
     *
     * @param statistics read
     * @throws IllegalArgumentException when they cannot be, such as a negative variance
     */
    default void checkStatistics(Slice statistics) {}

    /**
     * Updates the running statistics from this step's batch.
     *
     * @param batch the mean over the rows of the step of what {@link #forward} added to {@link Pass#statisticSums};
     *     read
     * @param statistics changed
     */
    default void updateStatistics(Slice batch, Slice statistics) {}

    /**
     * The initializer that suits the weights of a dense layer before this one: that of its activation, see {@link
     * Activation#initializer}; null when this layer leaves that to the layers after it.
     */
    default Initializer initializerBefore() {
        return null;
    }

    /**
     * The columns of the input that hold codes of categories and not quantities: they are checked, and never scaled.
     */
    default List<Codes> codes() {
        return List.of();
    }

    /** The column of the input that an entry of the output is a copy of; −1 when it is computed. */
    default int copyOf(int output) {
        return -1;
    }

    /**
     * Number of floats of scratch that the layer needs for batches of up to {@code rows}; kept from forward to
     * backward.
     */
    default int scratchSize(int rows) {
        return 0;
    }

    /**
     * Changes the parameters so that each output becomes that of the old ones divided by a number, for any input. By
     * default, a layer cannot do so.
     *
     * @param parameters changed, if the layer can do it
     * @param divisor above 0
     * @return whether the layer can do it
     */
    default boolean divideOutputs(Slice parameters, double divisor) {
        return false;
    }

    /** Whether training draws random numbers, from {@link Pass#randomBits}. */
    default boolean isRandom() {
        return false;
    }

    /**
     * Whether {@link #backward} overwrites the whole of its slice of the gradient when {@link Pass#startsGradient} says
     * that nothing is in it yet. For layers with many parameters, as it saves filling the slice with zeros; others are
     * given zeros to add to.
     */
    default boolean overwritesGradient() {
        return false;
    }

    /**
     * Computes y from x.
     *
     * @param parameters read
     * @param x [inputSize × n]; read
     * @param y [outputSize × n]; overwritten, must not alias x
     * @param pass what is known of the pass; its scratch may be written
     */
    void forward(Slice parameters, Matrix x, Matrix y, Pass pass);

    /**
     * Propagates the loss gradient from output to input.
     *
     * @param parameters read
     * @param x the input of {@link #forward}; read
     * @param y what {@link #forward} wrote for this x; read
     * @param dy d(loss)/dy, summed (not averaged) over the batch, [outputSize × n]; read
     * @param dx d(loss)/dx, [inputSize × n]; overwritten, must not alias dy; null when it is not needed
     * @param dParameters d(loss)/d(parameters); <b>added to</b>, or overwritten as {@link #overwritesGradient} says
     * @param pass the pass of {@link #forward}, its scratch as forward left it
     */
    void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass);

    private static int length(List<Parameter> parts) {
        long length = 0;
        for (Parameter part : parts) {
            length += part.size();
        }
        Require.fitsArray("a layer", "parameters", length);
        return (int) length;
    }
}
