package dev.backdraft.linalg;

import dev.ludovic.netlib.blas.BLAS;
import java.util.Arrays;

/** Products by one of netlib's implementations of BLAS. */
final class NetlibProducts implements Products {
    private static volatile float[] ones = {};

    private final BLAS blas;

    NetlibProducts(BLAS blas) {
        this.blas = blas;
    }

    @Override
    public void gemm(Matrix a, Transpose opA, Matrix b, Transpose opB, float beta, Matrix c) {
        blas.sgemm(
                opA.letter(),
                opB.letter(),
                c.rows(),
                c.columns(),
                opA.columns(a),
                1f,
                a.values(),
                a.offset(),
                a.rows(),
                b.values(),
                b.offset(),
                b.rows(),
                beta,
                c.values(),
                c.offset(),
                c.rows());
    }

    @Override
    public void rowSums(Matrix y, float beta, Matrix v) {
        int n = y.columns();
        blas.sgemv(
                "N", y.rows(), n, 1f, y.values(), y.offset(), y.rows(), ones(n), 0, 1, beta, v.values(), v.offset(), 1);
    }

    /** At least n ones. */
    private static float[] ones(int n) {
        float[] known = ones;
        if (known.length < n) {
            known = new float[Integer.highestOneBit(n) * 2];
            Arrays.fill(known, 1);
            ones = known;
        }
        return known;
    }
}
