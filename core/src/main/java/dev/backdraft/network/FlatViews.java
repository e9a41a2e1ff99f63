package dev.backdraft.network;

import dev.backdraft.linalg.Slice;

/** The slices of all layers in one flat vector. Made once for a vector that is used many times. */
final class FlatViews {
    private final float[] flat;
    private final Slice[] parameters;
    private final Slice[] statistics;

    FlatViews(FlatLayout layout, int layers, float[] flat) {
        layout.check(flat);
        this.flat = flat;
        parameters = new Slice[layers];
        statistics = new Slice[layers];
        for (int i = 0; i < layers; i++) {
            parameters[i] = layout.parameters(i, flat);
            statistics[i] = layout.statistics(i, flat);
        }
    }

    boolean isOf(float[] vector) {
        return flat == vector;
    }

    Slice parameters(int layer) {
        return parameters[layer];
    }

    Slice statistics(int layer) {
        return statistics[layer];
    }
}
