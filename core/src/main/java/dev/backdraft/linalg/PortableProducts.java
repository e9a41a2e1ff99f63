package dev.backdraft.linalg;

import java.util.Arrays;

/**
 * Products and sums whose bits are the same on every machine: products by {@link Chains}, sums of rows column after
 * column.
 */
final class PortableProducts implements Products {
    private final Chains chains;

    PortableProducts(Chains chains) {
        this.chains = chains;
    }

    @Override
    public void gemm(Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c) {
        if (beta != 0) {
            scale(c, beta);
        }
        chains.multiply(a, opA, b, opB, beta != 0, c);
    }

    @Override
    public void rowSums(Matrix y, float beta, Matrix v) {
        int rows = y.rows();
        float[] sums = v.values();
        int at = v.offset();
        if (beta == 0) {
            Arrays.fill(sums, at, at + rows, 0);
        } else {
            scale(v, beta);
        }
        for (int j = 0; j < y.columns(); j++) {
            add(rows, y.values(), y.offset() + j * rows, sums, at);
        }
    }

    private static void add(int count, float[] from, int fromAt, float[] to, int at) {
        for (int i = 0; i < count; i++) {
            to[at + i] += from[fromAt + i];
        }
    }

    private static void scale(Matrix c, float beta) {
        if (beta != 1) {
            for (int i = c.offset(); i < c.offset() + c.size(); i++) {
                c.values()[i] *= beta;
            }
        }
    }
}
