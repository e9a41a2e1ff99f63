package dev.backdraft.data.file;

import dev.backdraft.data.DecimalText;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serializable;
import java.util.List;
import java.util.stream.IntStream;

/**
 * How a CSV file separates cells, and whether it starts with the names of its columns.
 *
 * @param separator between cells, or {@link #DETECT}
 * @param header meaning of the first line
 */
public record CsvFormat(char separator, Header header) implements Serializable {
    /**
     * Finds the separator of each file in its first line: the comma, unless the line is one column by commas and several by
     * semicolons, tabs or vertical bars; then the one that gives the most columns.
     */
    public static final char DETECT = 0;

    /** Any separator; the first line has the names of the columns, and is refused when it looks like data. */
    public static final CsvFormat AUTO = new CsvFormat(DETECT, Header.CHECKED);

    private static final String CANDIDATES = ",;\t|";
    private static final int LONGEST_HEADER = 16 << 20; // bytes; of a longer one, the start tells

    /** What the first line of a file is. */
    public enum Header {
        /** The names of the columns; refused when all of them are numbers, as in a file that has only data. */
        CHECKED,
        /** The names of the columns, whatever they are. */
        FIRST_LINE,
        /** A row. The columns are called c1, c2, … */
        NONE
    }

    public CsvFormat {
        if (separator == '"' || separator == '\n' || separator == '\r') {
            throw new IllegalArgumentException("a quote or the end of a line cannot separate cells");
        }
        if (header == null) {
            throw new IllegalArgumentException("the header is not set");
        }
    }

    /** The same format with another kind of first line. */
    public CsvFormat withHeader(Header newHeader) {
        return new CsvFormat(separator, newHeader);
    }

    /**
     * Whether a first line has numbers only, so that it is hardly a header. Columns that are numbered 0, 1, 2 … or 1, 2, 3 … are
     * a header, as programs write one for tables without names.
     */
    public static boolean looksLikeData(List<String> firstLine) {
        for (String cell : firstLine) {
            if (Double.isNaN(DecimalText.parse(cell))) {
                return false;
            }
        }
        return !isCounting(firstLine, 0) && !isCounting(firstLine, 1);
    }

    private static boolean isCounting(List<String> cells, int first) {
        return IntStream.range(0, cells.size()).allMatch(i -> cells.get(i).equals(Integer.toString(first + i)));
    }

    /** The names of columns that have none: c1, c2, … */
    static List<String> numbered(int columns) {
        return IntStream.rangeClosed(1, columns).mapToObj(i -> "c" + i).toList();
    }

    /** The separator of a file at whose first line this stream is; marks and resets the stream. */
    static char detectSeparator(InputStream in) throws IOException {
        in.mark(LONGEST_HEADER);
        int[] counts = new int[CANDIDATES.length()];
        boolean quoted = false;
        boolean empty = true; // no byte of the line yet: blank lines before it do not count
        int last = '\n';
        for (int read = 1; read < LONGEST_HEADER; read++) {
            int next = in.read(); // a byte is enough: in UTF-8, no byte of another character is one of these
            boolean ends = !quoted && (next == '\n' || next == '\r');
            if (next < 0 || (ends && !empty)) {
                break;
            }
            if (next == '"') {
                quoted = !quoted && (empty || last == '"' || CANDIDATES.indexOf(last) >= 0);
            } else if (!quoted && CANDIDATES.indexOf(next) >= 0) {
                counts[CANDIDATES.indexOf(next)]++;
            }
            empty &= ends;
            last = next;
        }
        in.reset();
        in.mark(0); // else a buffered stream keeps all that is read from here on, up to the limit of the mark
        int best = 0;
        for (int i = 1; counts[0] == 0 && i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return CANDIDATES.charAt(best);
    }
}
