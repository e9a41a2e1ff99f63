package dev.backdraft.linalg;

/**
 * Tiles of the shapes that cover any C, for one layout of B and one number of vector registers.
 *
 * @param padded whether B has room for whole tiles beyond its last column
 */
record VectorTileSet(VectorTiles large, VectorTiles fourColumns, VectorTiles oneColumn, boolean padded) {
    /** For a B with its columns side by side. */
    static VectorTileSet rows(boolean manyRegisters, boolean padded) {
        return new VectorTileSet(
                manyRegisters ? new VectorRowTiles3x8() : new VectorRowTiles2x6(),
                new VectorRowTiles2x4(),
                new VectorRowTiles8x1(),
                padded);
    }

    /** For a B with its rows side by side. */
    static VectorTileSet columns(boolean manyRegisters) {
        return new VectorTileSet(
                manyRegisters ? new VectorColumnTiles3x8() : new VectorColumnTiles2x6(),
                new VectorColumnTiles2x4(),
                new VectorColumnTiles8x1(),
                false);
    }

    /**
     * The tiles to take next for the remaining columns: those that cover them with the least waste if B is padded, and
     * otherwise the largest that need no more.
     */
    VectorTiles next(int remaining) {
        if (remaining >= large.columns()) {
            return large;
        }
        if (padded) {
            return remaining == 1 ? oneColumn : remaining <= fourColumns.columns() ? fourColumns : large;
        }
        return remaining >= fourColumns.columns() ? fourColumns : oneColumn;
    }
}
