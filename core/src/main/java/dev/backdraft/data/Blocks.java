package dev.backdraft.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A training set in memory: rows in canonical order, cut into blocks by a layout. */
public record Blocks(BatchLayout layout, List<Block> blocks) {
    public Blocks {
        blocks = List.copyOf(blocks);
    }

    /**
     * Sorts rows into the canonical order and packs them.
     *
     * @param rows with {@linkplain Preprocessing#resolve resolved} labels; read
     * @param batchSize as {@link BatchLayout#of} takes it
     * @param lanes as {@link BatchLayout#of} takes it
     */
    public static Blocks of(
            List<Example> rows, int featureCount, Preprocessing preprocessing, long seed, int batchSize, int lanes) {
        BatchLayout layout = BatchLayout.of(rows.size(), batchSize, lanes);
        List<Example> sorted = inCanonicalOrder(rows, seed);
        List<Block> blocks = new ArrayList<>();
        for (int lane = 0; lane < layout.lanes(); lane++) {
            for (int index = 0; index < layout.blocksOf(lane); index++) {
                int start = Math.toIntExact(layout.blockStart(lane, index));
                List<Example> run = sorted.subList(start, start + layout.rowsOfBlock(lane, index));
                blocks.add(Block.of(blocks.size(), run, featureCount, preprocessing));
            }
        }
        return new Blocks(layout, blocks);
    }

    /** Rows with resolved labels by their {@link RowKey}, copies of a row scattered; a new list. */
    public static List<Example> inCanonicalOrder(List<Example> rows, long seed) {
        record Keyed(RowKey key, Example row) {}
        Keyed[] keyed = new Keyed[rows.size()];
        for (int i = 0; i < keyed.length; i++) {
            Example row = rows.get(i);
            keyed[i] = new Keyed(RowKey.of(seed, row), row);
        }
        Arrays.sort(keyed, (a, b) -> a.key().compareTo(b.key()));
        boolean copies = false;
        int first = 0; // of a run of equal rows
        for (int i = 1; i < keyed.length; i++) {
            if (!keyed[i].key().equals(keyed[first].key())) {
                first = i;
            } else {
                keyed[i] = new Keyed(keyed[i].key().copy(i - first), keyed[i].row());
                copies = true;
            }
        }
        if (copies) {
            Arrays.sort(keyed, (a, b) -> a.key().compareTo(b.key()));
        }
        List<Example> sorted = new ArrayList<>(keyed.length);
        for (Keyed entry : keyed) {
            sorted.add(entry.row());
        }
        return sorted;
    }
}
