package dev.backdraft.column;

import dev.backdraft.data.DataException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/**
 * The room that columns take in the header of a model file, which is limited: it is told before a training, not after
 * it.
 */
final class ColumnSize {
    /** Of the 16 MB of a header; the rest is for names, network and provenance. */
    static final long MOST_BYTES = 12L << 20;

    /** Of all columns: the parser of a header takes a million values. */
    static final long MOST_CATEGORIES = 900_000;

    private static final int SHOWN = 3;
    private static final int NAME_SHOWN = 40;
    private static final int OF_A_CATEGORY = 5; // quotes, which are escaped, and a comma

    private record Size(ColumnEncoder encoder, long bytes) {}

    private ColumnSize() {}

    /** @throws DataException naming the largest columns when the categories of all take too much room */
    static void check(Columns columns) {
        List<Size> sizes = columns.encoders().stream()
                .map(encoder -> new Size(encoder, bytes(categories(encoder))))
                .toList();
        long bytes = sizes.stream().mapToLong(Size::bytes).sum();
        long categories = sizes.stream()
                .mapToLong(size -> categories(size.encoder()).size())
                .sum();
        if (bytes > MOST_BYTES || categories > MOST_CATEGORIES) {
            String largest = sizes.stream()
                    .sorted(Comparator.comparingLong(Size::bytes).reversed())
                    .limit(SHOWN)
                    .map(ColumnSize::describe)
                    .collect(Collectors.joining(", "));
            throw new DataException(
                    "the %,d categories of %,d columns take %,d bytes, but a model file holds %,d categories and %,d bytes;"
                            + " the largest are %s: leave such columns out, shorten their texts, or say what the columns hold if they are no categories",
                    categories, columns.encoders().size(), bytes, MOST_CATEGORIES, MOST_BYTES, largest);
        }
    }

    private static String describe(Size size) {
        String name = size.encoder().name();
        return String.format(
                Locale.ROOT,
                "'%s' (%,d categories, %,d bytes)",
                name.length() <= NAME_SHOWN ? name : name.substring(0, NAME_SHOWN) + "…",
                categories(size.encoder()).size(),
                size.bytes());
    }

    private static List<String> categories(ColumnEncoder encoder) {
        if (encoder instanceof CodeColumn codes) {
            return codes.values();
        }
        return encoder instanceof OneHotColumn flags ? flags.values() : List.of();
    }

    /** As the header has them: JSON within JSON, in UTF-8. */
    private static long bytes(List<String> categories) {
        long bytes = 0;
        for (String category : categories) {
            bytes += category.getBytes(StandardCharsets.UTF_8).length + OF_A_CATEGORY;
            for (int i = 0; i < category.length(); i++) {
                char c = category.charAt(i);
                if (c == '"' || c == '\\') {
                    bytes += 3; // \\\" is one character
                } else if (c < ' ') {
                    bytes += 6; // \\u001f is one character
                }
            }
        }
        return bytes;
    }
}
