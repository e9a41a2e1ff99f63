package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * The input several times, one copy under the other: y = [x; x; …], which gives each member of an ensemble its own
 * copy. Backwards dx is the sum over the copies.
 *
 * @param times number of copies
 */
public record Repeat(int inputSize, int times) implements Layer {
    public Repeat {
        LayerSize.positive(inputSize);
        Require.atLeast(1, "the number of copies", times);
        Require.fitsArray("a repetition of " + inputSize + " values", "outputs", (long) inputSize * times);
    }

    /** One value, twice. */
    public Repeat() {
        this(1, 2);
    }

    @Override
    public String name() {
        return "repeat";
    }

    @Override
    public int outputSize() {
        return inputSize * times;
    }

    @Override
    public int copyOf(int output) {
        return output % inputSize;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        for (int n = 0; n < x.columns(); n++) {
            for (int copy = 0; copy < times; copy++) {
                int to = y.offset() + n * y.rows() + copy * inputSize;
                System.arraycopy(x.values(), x.offset() + n * inputSize, y.values(), to, inputSize);
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        for (int n = 0; n < x.columns(); n++) {
            int to = dx.offset() + n * inputSize;
            System.arraycopy(dy.values(), dy.offset() + n * dy.rows(), dx.values(), to, inputSize);
            for (int copy = 1; copy < times; copy++) {
                int from = dy.offset() + n * dy.rows() + copy * inputSize;
                for (int i = 0; i < inputSize; i++) {
                    dx.values()[to + i] += dy.values()[from + i];
                }
            }
        }
    }
}
