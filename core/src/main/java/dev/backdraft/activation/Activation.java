package dev.backdraft.activation;

import dev.backdraft.initializer.Initializer;
import dev.backdraft.linalg.Matrix;
import java.io.Serializable;

/**
 * A function of one number, applied to every entry: y = f(x). The kernels are plain loops; exp, tanh and similar functions come
 * from {@link dev.backdraft.linalg.Exponential} and {@link StrictMath}, so that the bits do not depend on the machine.
 *
 * <p>To write your own: a public record with a public constructor without arguments, and its class name in {@code
 * META-INF/services/dev.backdraft.activation.Activation}.
 */
public interface Activation extends Serializable {
    /** The name on the command line and in files. */
    String name();

    /**
     * The initializer that suits a dense layer before this activation: the one that keeps the mean square of signals about
     * equal from layer to layer. Those that pass about half of their input, as ReLU and its relatives, need variance 2/in (He);
     * those with slope 1 at 0 and saturation on both sides need 2/(in + out), a compromise between signals and gradients
     * (Glorot); SELU is derived for 1/in (LeCun).
     */
    Initializer initializer();

    /** yᵢ = f(xᵢ). x is read, y overwritten; equal shapes. */
    void forward(Matrix x, Matrix y);

    /**
     * dxᵢ = f'(xᵢ) dyᵢ.
     *
     * @param x read
     * @param y what {@link #forward} wrote for x; read
     * @param dy read
     * @param dx overwritten; may be the array of dy
     */
    void backward(Matrix x, Matrix y, Matrix dy, Matrix dx);
}
