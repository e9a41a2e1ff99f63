package dev.backdraft.layer;

/** Refuses sizes of layers that make no sense. */
final class LayerSize {
    private LayerSize() {}

    /**
     * Checks the size of a layer.
     *
     * @throws IllegalArgumentException when it is less than 1
     */
    static void positive(int size) {
        if (size < 1) {
            throw new IllegalArgumentException("layer sizes must be positive: " + size);
        }
    }
}
