package dev.backdraft.linalg;

import java.util.Arrays;

/**
 * The product in plain loops, for JVMs without the Vector API: four terms at once are added to a column of C. The just-in-time
 * compiler turns the inner loop into vectors. Thread-safe.
 */
final class ScalarChains implements Chains {
    private static final int HEIGHT = 256; // rows of a block, so that A's part of it stays in the first cache
    private static final int DEPTH = 32;

    private final ThreadLocal<float[]> packed = ThreadLocal.withInitial(() -> new float[HEIGHT * DEPTH]);

    private final String reason;

    /** @param reason why vectors are not used, for people */
    ScalarChains(String reason) {
        this.reason = reason;
    }

    @Override
    public String description() {
        return "plain Java (" + reason + ")";
    }

    @Override
    public void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        int m = c.rows();
        int k = opA.columns(a);
        if (!adds) {
            Arrays.fill(c.values(), c.offset(), c.offset() + c.size(), 0);
        }
        float[] own = packed.get();
        for (int i = 0; i < m; i += HEIGHT) {
            int rows = Math.min(HEIGHT, m - i);
            for (int p = 0; p < k; p += DEPTH) {
                int terms = Math.min(DEPTH, k - p);
                int bAt = b.offset() + (opB == Transpose.NO ? p : p * b.rows());
                if (opA == Transpose.NO) {
                    int at = a.offset() + i + p * a.rows();
                    block(rows, terms, a.values(), at, a.rows(), b, opB, bAt, c, i);
                } else {
                    Packing.interleave(terms, rows, rows, a.values(), a.offset() + p + i * a.rows(), a.rows(), own, 0);
                    block(rows, terms, own, 0, rows, b, opB, bAt, c, i);
                }
            }
        }
    }

    /** Continues the chains of some rows of C by some terms. */
    private static void block(
            int rows, int terms, float[] a, int aAt, int aStride, Matrix b, Transpose opB, int bAt, Matrix c, int row) {
        int next = opB == Transpose.NO ? 1 : b.rows(); // from an entry of B to that of the next term
        int beside = opB == Transpose.NO ? b.rows() : 1; // and of the next column
        for (int j = 0; j < c.columns(); j++) {
            int cAt = c.offset() + row + j * c.rows();
            int from = bAt + j * beside;
            int p = 0;
            for (; p + 4 <= terms; p += 4) {
                addFour(rows, a, aAt + p * aStride, aStride, b.values(), from + p * next, next, c.values(), cAt);
            }
            for (; p < terms; p++) {
                addOne(rows, a, aAt + p * aStride, b.values()[from + p * next], c.values(), cAt);
            }
        }
    }

    private static void addFour(
            int rows, float[] a, int a0, int aStride, float[] b, int bAt, int next, float[] c, int cAt) {
        float b0 = b[bAt];
        float b1 = b[bAt + next];
        float b2 = b[bAt + 2 * next];
        float b3 = b[bAt + 3 * next];
        int a1 = a0 + aStride;
        int a2 = a1 + aStride;
        int a3 = a2 + aStride;
        for (int i = 0; i < rows; i++) {
            float sum = FusedMultiplyAdd.of(a[a0 + i], b0, c[cAt + i]);
            sum = FusedMultiplyAdd.of(a[a1 + i], b1, sum);
            sum = FusedMultiplyAdd.of(a[a2 + i], b2, sum);
            c[cAt + i] = FusedMultiplyAdd.of(a[a3 + i], b3, sum);
        }
    }

    private static void addOne(int rows, float[] a, int aAt, float b, float[] c, int cAt) {
        for (int i = 0; i < rows; i++) {
            c[cAt + i] = FusedMultiplyAdd.of(a[aAt + i], b, c[cAt + i]);
        }
    }
}
