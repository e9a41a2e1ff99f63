package dev.backdraft.linalg;

import java.util.Arrays;

/**
 * The product in plain loops, for JVMs without the Vector API. A block of A is copied column by column into arrays of
 * their own, and a column of C too, because the just-in-time compiler makes vectors of loops over whole arrays only,
 * where it sees that they do not overlap. Thread-safe: each thread has its own arrays.
 */
final class ScalarChains implements Chains {
    private static final int ROWS = 256; // of a block of A, which stays in the first cache
    private static final int TERMS = 32; // its columns

    private final ThreadLocal<Block> blocks = ThreadLocal.withInitial(Block::new);
    private final String reason;

    /** @param reason why vectors are not used, for people */
    ScalarChains(String reason) {
        this.reason = reason;
    }

    /** The arrays of one thread. */
    private static final class Block {
        private final float[][] a = new float[TERMS][ROWS]; // columns of op(A)
        private final float[] c = new float[ROWS];

        void readA(Matrix matrix, Transpose op, int row, int rows, int p, int terms) {
            float[] from = matrix.values();
            int stride = matrix.rows();
            for (int t = 0; t < terms; t++) {
                if (op == Transpose.NO) {
                    System.arraycopy(from, matrix.offset() + row + (p + t) * stride, a[t], 0, rows);
                } else {
                    gather(rows, from, matrix.offset() + p + t + row * stride, stride, a[t]);
                }
            }
        }

        private static void gather(int count, float[] from, int at, int stride, float[] to) {
            for (int i = 0; i < count; i++) {
                to[i] = from[at + i * stride];
            }
        }

        /**
         * Continues the chains of {@link #c} by the terms of a column of op(B), whose entries are {@code next} apart.
         */
        void add(int rows, int terms, float[] b, int bAt, int next) {
            int t = 0;
            for (; t + 4 <= terms; t += 4) {
                int at = bAt + t * next;
                float b0 = b[at];
                float b1 = b[at + next];
                float b2 = b[at + 2 * next];
                float b3 = b[at + 3 * next];
                addFour(rows, a[t], b0, a[t + 1], b1, a[t + 2], b2, a[t + 3], b3, c);
            }
            for (; t < terms; t++) {
                addOne(rows, a[t], b[bAt + t * next], c);
            }
        }
    }

    @Override
    public boolean isFast() {
        return false;
    }

    @Override
    public String description() {
        return "plain Java (" + reason + ")";
    }

    @Override
    public void multiply(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        int m = c.rows();
        int k = opA.columns(a);
        int next = opB == Transpose.NO ? 1 : b.rows(); // from an entry of op(B) to that of the next term
        int beside = opB == Transpose.NO ? b.rows() : 1; // and of the next column
        Block block = blocks.get();
        for (int i = 0; i < m; i += ROWS) {
            int rows = Math.min(ROWS, m - i);
            for (int p = 0; p < k; p += TERMS) {
                int terms = Math.min(TERMS, k - p);
                block.readA(a, opA, i, rows, p, terms);
                for (int j = 0; j < c.columns(); j++) {
                    int cAt = c.offset() + i + j * m;
                    if (adds || p > 0) {
                        System.arraycopy(c.values(), cAt, block.c, 0, rows);
                    } else {
                        Arrays.fill(block.c, 0, rows, 0);
                    }
                    block.add(rows, terms, b.values(), b.offset() + p * next + j * beside, next);
                    System.arraycopy(block.c, 0, c.values(), cAt, rows);
                }
            }
        }
    }

    private static void addFour(
            int count,
            float[] a0,
            float b0,
            float[] a1,
            float b1,
            float[] a2,
            float b2,
            float[] a3,
            float b3,
            float[] c) {
        for (int i = 0; i < count; i++) {
            float sum = FusedMultiplyAdd.of(a0[i], b0, c[i]);
            sum = FusedMultiplyAdd.of(a1[i], b1, sum);
            sum = FusedMultiplyAdd.of(a2[i], b2, sum);
            c[i] = FusedMultiplyAdd.of(a3[i], b3, sum);
        }
    }

    private static void addOne(int count, float[] a, float b, float[] c) {
        for (int i = 0; i < count; i++) {
            c[i] = FusedMultiplyAdd.of(a[i], b, c[i]);
        }
    }
}
