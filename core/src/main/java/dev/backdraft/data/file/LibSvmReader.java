package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import dev.backdraft.data.DecimalText;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.InvalidValue;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import java.util.StringTokenizer;

/**
 * Reads a file of LibSVM's format into sparse rows: one row a line, {@code label index:value index:value …}, indices ascending
 * from 1 (index i is feature i − 1), what follows {@code #} ignored, blank lines skipped. Source: Chang and Lin 2011, "LIBSVM:
 * a library for support vector machines", README.
 *
 * <p>A value is the (float) of the double written, −0 becomes 0; a zero that is written stays an entry. After a
 * {@link DataException} the next {@link #read} goes on with the next line. Not thread-safe.
 */
public final class LibSvmReader implements ExampleReader {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private final DataFile file;
    private final int featureCount;
    private final boolean labels;
    private final LineReader lines;
    private long line;
    private int[] indices = new int[16]; // of the row being read, as are the values
    private double[] values = new double[16];

    /** Opens a file whose rows may have any number of features. */
    public LibSvmReader(DataFile file) throws IOException {
        this(file, Integer.MAX_VALUE);
    }

    /** Opens a file in which an index above featureCount is an error. */
    public LibSvmReader(DataFile file, int featureCount) throws IOException {
        this(file, featureCount, true);
    }

    private LibSvmReader(DataFile file, int featureCount, boolean labels) throws IOException {
        if (featureCount < 1) {
            throw new IllegalArgumentException("feature count must be positive: " + featureCount);
        }
        this.file = file;
        this.featureCount = featureCount;
        this.labels = labels;
        this.lines = new LineReader(new InputStreamReader(file.openContent(), StandardCharsets.UTF_8), file.name());
    }

    /** Opens a file for its features: labels are not read, so they may be missing, or text. */
    public static LibSvmReader withoutLabels(DataFile file) throws IOException {
        return new LibSvmReader(file, Integer.MAX_VALUE, false);
    }

    @Override
    public Example read() throws IOException {
        for (String text = nextLine(); text != null; text = nextLine()) {
            int comment = text.indexOf('#');
            StringTokenizer tokens = new StringTokenizer(comment < 0 ? text : text.substring(0, comment));
            if (tokens.hasMoreTokens()) {
                return row(tokens);
            }
        }
        return null;
    }

    private String nextLine() throws IOException {
        try {
            String text = lines.next();
            if (text == null) {
                return null;
            }
            line++;
            return line == 1 && text.startsWith(BYTE_ORDER_MARK) ? text.substring(1) : text;
        } catch (IOException e) {
            throw UnreadableFile.failure(file, "after line " + line, e);
        }
    }

    private Example row(StringTokenizer tokens) {
        String first = tokens.nextToken();
        double label = labels ? number("label", first) : Double.NaN;
        boolean startsWithFeature = !labels && first.indexOf(':') >= 0;
        int count = 0;
        for (String token = startsWithFeature ? first : next(tokens); token != null; token = next(tokens)) {
            int colon = token.indexOf(':');
            if (colon < 0) {
                throw at("'%s' is not index:value", token);
            }
            if (token.startsWith("qid:")) {
                throw at(
                        "'%s': query identifiers are for ranking, which is not supported: remove them to train on the rows as"
                                + " they are",
                        token);
            }
            if (count == indices.length) {
                indices = Arrays.copyOf(indices, 2 * count);
                values = Arrays.copyOf(values, 2 * count);
            }
            int index = index(token.substring(0, colon));
            if (count > 0 && index - 1 <= indices[count - 1]) {
                throw at("index %d after index %d: indices must ascend", index, indices[count - 1] + 1);
            }
            indices[count] = index - 1;
            values[count] = number("index " + index, token.substring(colon + 1));
            count++;
        }
        return Example.sparse(Arrays.copyOf(indices, count), Arrays.copyOf(values, count), label);
    }

    private static String next(StringTokenizer tokens) {
        return tokens.hasMoreTokens() ? tokens.nextToken() : null;
    }

    private int index(String text) {
        double index = DecimalText.parse(text); // exact for whole numbers in the range of int
        if (index != Math.rint(index)) { // also when it is not a number
            throw at("index '%s' is not a whole number", text);
        }
        if (index < 1) {
            throw at("index '%s' is below 1, the first", text);
        }
        if (index > featureCount) {
            throw at("index '%s' is above %d, the number of features", text, featureCount);
        }
        return (int) index;
    }

    private double number(String what, String text) {
        double number = DecimalText.parse(text);
        String fault = DecimalText.fault(number);
        if (fault != null) {
            InvalidValue invalid = InvalidValue.ofText(text);
            throw DataException.ofValue(
                    invalid,
                    "%s: %s: '%s' %s",
                    where(),
                    what,
                    text,
                    invalid == null ? "is not a number: correct it or remove the row" : fault);
        }
        return number + 0.0; // −0 becomes 0
    }

    private DataException at(String format, Object... arguments) {
        return new DataException("%s: %s", where(), String.format(Locale.ROOT, format, arguments));
    }

    @Override
    public String where() {
        return file.name() + " line " + line;
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
