package dev.backdraft.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/**
 * {@link Packing#copy} in vectors: from a factor where the entries for one k lie side by side, one load and one store a
 * vector.
 */
final class VectorPacking {
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final int CHUNK = 32; // so few terms that what is read stays in the first cache

    private VectorPacking() {}

    /** Rows of A; the arguments are those of {@link Packing#copy}. */
    static void rows(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int whole = width / LANES * LANES;
        for (int p = 0; p < k; p += CHUNK) {
            int terms = Math.min(CHUNK, k - p);
            for (int i = 0; i < whole; i += LANES) {
                copy(terms, padded, from, at + i + p * stride, stride, to, toAt + i + p * padded);
            }
        }
        if (whole < width) {
            Packing.copy(k, width - whole, padded, from, at + whole, stride, to, toAt + whole);
        }
    }

    /**
     * Columns of B that fill their panel, in the order of the panels: what is copied beyond a panel's row is
     * overwritten by the next. The arguments are those of {@link Packing#copy}; {@code to} has room for a vector beyond
     * the panel.
     */
    static void columns(int k, int width, float[] from, int at, int stride, float[] to, int toAt) {
        int last = at + (k - 1) * stride;
        if (width % LANES != 0 && width > LANES || last + LANES > from.length) {
            Packing.copy(k, width, width, from, at, stride, to, toAt);
            return;
        }
        for (int i = 0; i < width; i += LANES) {
            copy(k, width, from, at + i, stride, to, toAt + i);
        }
    }

    private static void copy(int k, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int read = at;
        int write = toAt;
        for (int p = 0; p < k; p++) {
            FloatVector.fromArray(SPECIES, from, read).intoArray(to, write);
            read += stride;
            write += padded;
        }
    }
}
