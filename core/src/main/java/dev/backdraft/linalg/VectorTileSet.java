package dev.backdraft.linalg;

/**
 * Tiles of the shapes that cover any C, for one layout of B and one number of vector registers.
 *
 * @param padded whether B has room for whole tiles beyond its last column
 */
record VectorTileSet(VectorTiles large, VectorTiles fourColumns, VectorTiles oneColumn, boolean padded) {
    /** For a B that is packed. */
    static VectorTileSet packed(boolean manyRegisters) {
        return new VectorTileSet(
                manyRegisters ? new VectorPackedTiles3x8() : new VectorPackedTiles2x6(),
                new VectorPackedTiles2x4(),
                new VectorTiles8x1(),
                true);
    }

    /** For a B that is read column by column. */
    static VectorTileSet columns(boolean manyRegisters) {
        return new VectorTileSet(
                manyRegisters ? new VectorColumnTiles3x8() : new VectorColumnTiles2x6(),
                new VectorColumnTiles2x4(),
                new VectorTiles8x1(),
                false);
    }

    /**
     * The tiles to take next where so many columns are left: those that cover them with the least waste if B is padded, and otherwise the
     * largest that need no more.
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
