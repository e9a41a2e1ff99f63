package dev.backdraft.layer;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.linalg.SplitMix;
import java.io.Serializable;

/**
 * A differentiable function of a batch. n is the number of examples, one example a column.
 *
 * <p>A layer is configuration only: immutable, shared between threads. Its parameters are a {@link Slice} of the flat vector of
 * the network, and one accessor serves parameters and gradient alike.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Dense.class, name = "dense"),
    @JsonSubTypes.Type(value = Elementwise.class, name = "activation")
})
public sealed interface Layer extends Serializable permits Dense, Elementwise {
    int inputSize();

    int outputSize();

    /** Length of this layer's slice; 0 for a layer without parameters. */
    int parameterCount();

    /** Overwrites the parameters with their start values, drawn from {@code random} alone. */
    void initialize(Slice parameters, SplitMix random);

    /**
     * Computes y from x.
     *
     * @param parameters read
     * @param x [inputSize × n]; read
     * @param y [outputSize × n]; overwritten, must not alias x
     */
    void forward(Slice parameters, Matrix x, Matrix y);

    /**
     * Propagates the loss gradient from output to input.
     *
     * @param parameters read
     * @param x the input of {@link #forward}; read
     * @param y what {@link #forward} wrote for this x; read
     * @param dy d(loss)/dy, summed (not averaged) over the batch, [outputSize × n]; read
     * @param dx d(loss)/dx, [inputSize × n]; overwritten, must not alias dy; null when nobody needs it
     * @param dParameters d(loss)/d(parameters); <b>added to</b>
     */
    void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters);
}
