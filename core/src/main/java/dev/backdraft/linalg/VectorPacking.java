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

    private VectorPacking() {}

    /** Rows of A; the arguments are those of {@link Packing#copy}. */
    static void rows(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int whole = width / LANES * LANES;
        for (int i = 0; i < whole; i += LANES) {
            copy(k, padded, from, at + i, stride, to, toAt + i);
        }
        if (whole < width) {
            Packing.copy(k, width - whole, padded, from, at + whole, stride, to, toAt + whole);
        }
    }

    /**
     * Columns of B; the arguments are those of {@link Packing#copy}. Where a panel is narrower than a vector, what is
     * copied beyond the entries for one k is overwritten by those for the next; the last ones are copied exactly. So
     * nothing is read beyond the factor, or written beyond these k.
     */
    static void columns(int k, int width, int padded, float[] from, int at, int stride, float[] to, int toAt) {
        int exact = Math.min(k, (LANES - 1) / width);
        int vectors = k - exact;
        if (width != padded || width > LANES && width % LANES != 0) {
            Packing.copy(k, width, padded, from, at, stride, to, toAt);
            return;
        }
        for (int i = 0; i < width; i += LANES) {
            copy(vectors, width, from, at + i, stride, to, toAt + i);
        }
        if (exact > 0) {
            Packing.copy(exact, width, width, from, at + vectors * stride, stride, to, toAt + vectors * width);
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
