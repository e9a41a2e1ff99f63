package dev.backdraft.layer;

import dev.backdraft.json.Require;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.Slice;

/**
 * The sum of branches of a network: y = x₁ + x₂ + …. A layer sees several inputs stacked, so x is [count·size × n], the
 * branches one under the other, and y [size × n]. After a residual branch F it makes x + F(x) (He et al. 2016).
 *
 * @param size of each branch
 * @param count of branches, at least 2
 */
public record Add(int size, int count) implements Layer {
    public Add {
        if (size <= 0 || count < 2) {
            throw new IllegalArgumentException("an addition of " + count + " branches of size " + size
                    + ": it takes at least two, and a positive size");
        }
        Require.fitsArray("an addition of " + count + " branches of size " + size, "inputs", (long) size * count);
    }

    /** Of two branches of one unit. */
    public Add() {
        this(1, 2);
    }

    @Override
    public String name() {
        return "add";
    }

    @Override
    public int inputSize() {
        return size * count;
    }

    @Override
    public int outputSize() {
        return size;
    }

    @Override
    public void forward(Slice parameters, Matrix x, Matrix y, Pass pass) {
        float[] from = x.values();
        float[] to = y.values();
        for (int n = 0; n < x.columns(); n++) {
            int at = y.offset() + n * size;
            System.arraycopy(from, x.offset() + n * x.rows(), to, at, size);
            for (int branch = 1; branch < count; branch++) {
                int first = x.offset() + n * x.rows() + branch * size;
                for (int i = 0; i < size; i++) {
                    to[at + i] += from[first + i];
                }
            }
        }
    }

    @Override
    public void backward(Slice parameters, Matrix x, Matrix y, Matrix dy, Matrix dx, Slice dParameters, Pass pass) {
        if (dx == null) {
            return;
        }
        for (int n = 0; n < x.columns(); n++) {
            for (int branch = 0; branch < count; branch++) {
                int to = dx.offset() + n * x.rows() + branch * size;
                System.arraycopy(dy.values(), dy.offset() + n * size, dx.values(), to, size);
            }
        }
    }
}
