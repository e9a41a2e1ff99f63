package dev.backdraft.column;

import dev.backdraft.data.Cells;
import dev.backdraft.data.RowEncoder;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** How each column of a table becomes inputs of a network, as learned from training rows. Immutable. */
public final class Columns implements RowEncoder {
    private static final long serialVersionUID = 1;

    private final List<ColumnEncoder> encoders;
    private final int[] places; // of the first input of each column
    private final int width;

    Columns(List<ColumnEncoder> encoders) {
        this.encoders = List.copyOf(encoders);
        places = new int[encoders.size()];
        int at = 0;
        for (int i = 0; i < places.length; i++) {
            places[i] = at;
            at += encoders.get(i).width();
        }
        width = at;
    }

    List<ColumnEncoder> encoders() {
        return encoders;
    }

    @Override
    public List<String> columns() {
        return encoders.stream().map(ColumnEncoder::name).toList();
    }

    @Override
    public int width() {
        return width;
    }

    /** The inputs of the network, in order. */
    public List<ColumnInput> inputs() {
        List<ColumnInput> inputs = new ArrayList<>(width);
        encoders.forEach(encoder -> inputs.addAll(encoder.inputs()));
        return inputs;
    }

    @Override
    public int firstFeature(int column) {
        return places[column];
    }

    @Override
    public void encode(Cells cells, float[] out, int from) {
        for (int i = 0; i < places.length; i++) {
            encoders.get(i).encode(cells, i, out, from + places[i]);
        }
    }

    /** What each column that is used holds, by its name: with these kinds, the same is learned from the same rows. */
    public SortedMap<String, ColumnKind> kinds() {
        SortedMap<String, ColumnKind> kinds = new TreeMap<>();
        for (ColumnEncoder encoder : encoders) {
            if (encoder.kind() != null) {
                kinds.put(encoder.name(), encoder.kind());
            }
        }
        return kinds;
    }

    /**
     * Overwrites the inputs of a row whose cells are all usual: the median of numbers and dates, the most frequent
     * category.
     */
    public void encodeUsual(float[] out, int from) {
        for (int i = 0; i < places.length; i++) {
            encoders.get(i).encodeUsual(out, from + places[i]);
        }
    }

    /** What becomes of each column, in a few words. */
    public List<String> describe() {
        return encoders.stream().map(ColumnEncoder::describe).toList();
    }
}
