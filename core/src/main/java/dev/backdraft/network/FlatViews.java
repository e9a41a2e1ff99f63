package dev.backdraft.network;

import dev.backdraft.linalg.Slice;

/** The slices of all layers in one flat vector. For one thread, as slices remember their matrices. */
final class FlatViews {
    private final float[] flat;
    private final Slice[] parameters;
    private final Slice[] statistics;

    FlatViews(Network network, float[] flat) {
        if (flat.length != network.length()) {
            throw new IllegalArgumentException(
                    "the network's vector has " + network.length() + " entries, not " + flat.length);
        }
        this.flat = flat;
        int count = network.layers().size();
        parameters = new Slice[count];
        statistics = new Slice[count];
        for (int i = 0; i < count; i++) {
            parameters[i] = network.slice(i, flat);
            statistics[i] = network.statistics(i, flat);
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
