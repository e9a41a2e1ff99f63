package dev.backdraft.network;

import dev.backdraft.layer.Layer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;
import dev.backdraft.loss.Loss;
import java.util.List;

/**
 * The forward and backward pass of a network on one thread: scratch space, sized once for the largest batch. Rumelhart, Hinton
 * and Williams 1986; the notation of Goodfellow et al. 2016, algorithm 6.4.
 *
 * <p>Not thread-safe: one for each thread.
 */
public final class Backpropagation {
    private final Network network;
    private final Loss loss;
    private final float[][] outputs; // of each layer, [outputSize × maxRows]
    private final float[][] dOutputs; // two, taken in turn
    private final Matrix[] y; // views of outputs for the present number of rows
    private int rows = -1;

    /** Scratch for batches of up to {@code maxRows} rows. */
    public Backpropagation(Network network, Loss loss, int maxRows) {
        this.network = network;
        this.loss = loss;
        List<Layer> layers = network.layers();
        outputs = new float[layers.size()][];
        y = new Matrix[layers.size()];
        int widest = 0;
        for (int i = 0; i < layers.size(); i++) {
            outputs[i] = new float[Math.multiplyExact(layers.get(i).outputSize(), maxRows)];
            widest = Math.max(widest, outputs[i].length);
        }
        dOutputs = new float[][] {new float[widest], new float[widest]};
    }

    /**
     * Returns the logits [outputSize × n] of a batch: a view of scratch that the next call overwrites.
     *
     * @param parameters read
     * @param x [inputSize × n], n ≤ maxRows; read
     */
    public Matrix forward(float[] parameters, Matrix x) {
        resize(x.columns());
        Matrix input = x;
        for (int i = 0; i < y.length; i++) {
            network.layers().get(i).forward(network.slice(i, parameters), input, y[i]);
            input = y[i];
        }
        return input;
    }

    /**
     * Adds the losses of a batch.
     *
     * @param parameters read
     * @param x [inputSize × n]; read
     * @param target [labelSize × n]; read
     * @param weights of the rows, or null for 1 each; read
     * @param sum added to
     */
    public void addLoss(float[] parameters, Matrix x, Matrix target, float[] weights, LossSum sum) {
        Matrix logits = forward(parameters, x);
        double correct = loss.correct(logits, target, weights);
        sum.add(loss.sum(logits, target, weights, logits), sum(weights, x.columns()), correct);
    }

    /**
     * Adds the gradient and the losses of a batch.
     *
     * @param parameters read
     * @param x [inputSize × n]; read
     * @param target [labelSize × n]; read
     * @param weights of the rows, or null for 1 each; read
     * @param sum added to
     */
    public void addGradient(float[] parameters, Matrix x, Matrix target, float[] weights, GradientSum sum) {
        Matrix logits = forward(parameters, x);
        double correct = loss.correct(logits, target, weights);
        Matrix dy = view(0, logits.rows());
        sum.losses().add(loss.sum(logits, target, weights, dy), sum(weights, x.columns()), correct);
        int turn = 0;
        for (int i = y.length - 1; i >= 0; i--) {
            Layer layer = network.layers().get(i);
            turn = 1 - turn;
            Matrix dx = i == 0 ? null : view(turn, layer.inputSize());
            Slice dParameters = network.slice(i, sum.gradient());
            layer.backward(network.slice(i, parameters), i == 0 ? x : y[i - 1], y[i], dy, dx, dParameters);
            dy = dx;
        }
    }

    private Matrix view(int turn, int height) {
        return new Matrix(dOutputs[turn], 0, height, rows);
    }

    private void resize(int newRows) {
        if (newRows != rows) {
            rows = newRows;
            for (int i = 0; i < y.length; i++) {
                y[i] = new Matrix(outputs[i], 0, network.layers().get(i).outputSize(), rows);
            }
        }
    }

    private static double sum(float[] weights, int count) {
        if (weights == null) {
            return count;
        }
        double sum = 0;
        for (int n = 0; n < count; n++) {
            sum += weights[n];
        }
        return sum;
    }
}
