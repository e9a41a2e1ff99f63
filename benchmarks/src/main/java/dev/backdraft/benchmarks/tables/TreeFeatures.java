package dev.backdraft.benchmarks.tables;

import dev.backdraft.column.ColumnKind;
import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Cells as trees take them: numbers as they are, categories as codes in the order of their frequency, dates as day,
 * month, weekday and hour; gaps are NaN.
 */
final class TreeFeatures {
    static final int PARTS_OF_DATE = 4;

    private final List<ColumnKind> kinds = new ArrayList<>();
    private final List<Map<String, Integer>> codes = new ArrayList<>();
    private int count;

    private TreeFeatures() {}

    /** Learns the codes from the training rows. */
    static TreeFeatures of(Table table) {
        TreeFeatures features = new TreeFeatures();
        List<String> names = table.train().featureNames();
        for (int i = 0; i < names.size(); i++) {
            ColumnKind kind = table.kinds().get(names.get(i));
            features.kinds.add(kind);
            features.codes.add(kind == ColumnKind.CATEGORY ? codes(table.train().rows(), i) : Map.of());
            features.count += kind == ColumnKind.DATE ? PARTS_OF_DATE : 1;
        }
        return features;
    }

    private static Map<String, Integer> codes(List<Example> rows, int column) {
        Map<String, Integer> counts = new HashMap<>();
        for (Example row : rows) {
            String text = row.cells().text(column);
            if (text != null) {
                counts.merge(text, 1, Integer::sum);
            }
        }
        Map<String, Integer> codes = new HashMap<>();
        counts.entrySet().stream()
                .sorted(Map.Entry.<String, Integer>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(entry -> codes.put(entry.getKey(), codes.size()));
        return codes;
    }

    /** Number of features. */
    int count() {
        return count;
    }

    /** Overwrites the features of a row. */
    void encode(Cells cells, float[] out, int from) {
        int at = from;
        for (int i = 0; i < kinds.size(); i++) {
            String text = cells.text(i);
            switch (kinds.get(i)) {
                case NUMBER -> out[at++] = text == null ? Float.NaN : (float) cells.number(i);
                case CATEGORY ->
                    out[at++] = text == null ? Float.NaN : codes.get(i).getOrDefault(text, -1);
                case DATE -> at = date(text, out, at);
            }
        }
    }

    static int date(String text, float[] out, int at) {
        LocalDateTime time = text == null
                ? null
                : LocalDateTime.parse(text.length() == 10 ? text + "T00:00" : text.replace(' ', 'T'));
        out[at] = time == null ? Float.NaN : time.toLocalDate().toEpochDay();
        out[at + 1] = time == null ? Float.NaN : time.getMonthValue();
        out[at + 2] = time == null ? Float.NaN : time.getDayOfWeek().getValue();
        out[at + 3] = time == null ? Float.NaN : time.getHour();
        return at + PARTS_OF_DATE;
    }
}
