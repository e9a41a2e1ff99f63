package dev.backdraft.network;

import dev.backdraft.linalg.Columns;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import java.util.function.ToDoubleFunction;

/**
 * The loss of one batch in training mode, summed over its rows, as a function of the parameters, and its gradient. Scratch, for
 * one thread.
 */
public final class BatchLoss implements ToDoubleFunction<float[]> {
    private final Backpropagation backpropagation;
    private final LossSum losses = new LossSum();
    private final Columns x;
    private final Matrix target;
    private final float[] weights;
    private final long[] rowStreams;

    /**
     * @param x [inputSize × n]; read
     * @param target read
     * @param weights of the rows, or null; read
     * @param rowStreams as for {@link Backpropagation#addGradient}; read
     */
    public BatchLoss(Network network, Loss loss, Columns x, Matrix target, float[] weights, long[] rowStreams) {
        backpropagation = new Backpropagation(network, loss, x.columns());
        this.x = x;
        this.target = target;
        this.weights = weights;
        this.rowStreams = rowStreams;
    }

    /** Σ wₙ Lₙ at these parameters, which are read. */
    @Override
    public double applyAsDouble(float[] parameters) {
        losses.clear();
        backpropagation.addTrainingLoss(parameters, x, target, weights, rowStreams, losses);
        return losses.loss();
    }

    /** The gradient by backpropagation at these parameters, which are read; a new array, followed by the statistics. */
    public float[] gradient(float[] parameters) {
        GradientSum sum = new GradientSum(parameters.length);
        backpropagation.addGradient(parameters, x, target, weights, rowStreams, sum);
        return sum.gradient();
    }
}
