package dev.backdraft.column;

import dev.backdraft.data.Cells;
import java.util.List;

/**
 * A column with more categories than can be listed: the code is a hash of the category (Weinberger and others 2009,
 * "Feature hashing for large scale multitask learning"). 0 is a gap.
 *
 * @param buckets number of codes besides 0
 */
record HashedColumn(String name, int buckets) implements ColumnEncoder {
    HashedColumn {
        if (buckets < 1 || buckets >= 1 << 24) {
            throw new IllegalArgumentException("column '" + name + "': " + buckets + " buckets, but from 1 to "
                    + ((1 << 24) - 1) + " are possible");
        }
    }

    @Override
    public ColumnKind kind() {
        return ColumnKind.CATEGORY;
    }

    @Override
    public List<ColumnInput> inputs() {
        return List.of(ColumnInput.code(name, buckets + 1));
    }

    @Override
    public void encode(Cells cells, int cell, float[] out, int from) {
        String text = cells.text(cell);
        out[from] = text == null ? 0 : 1 + (Cells.hash(text) >>> 1) % buckets;
    }

    /** Of a gap, as nobody has counted the categories. */
    @Override
    public void encodeUsual(float[] out, int from) {
        out[from] = 0;
    }

    @Override
    public String describe() {
        return "category, hashed into " + buckets + " codes";
    }
}
