package dev.backdraft.data.file;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import dev.backdraft.data.DataException;
import dev.backdraft.data.LabelColumns;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/**
 * The records of one CSV file (RFC 4180, UTF-8 with or without byte order mark), the header first. FastCSV does the parsing;
 * what it finds wrong comes out as {@link DataException}. Not thread-safe.
 */
final class CsvRecords implements Closeable {
    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};

    private final DataFile file;
    private final CsvCells cells = new CsvCells();
    private final CsvReader<CsvCells> csv;
    private final Iterator<CsvCells> records;
    private final char separator;
    private List<String> firstLine; // null when the file has none, or it has not been read

    private CsvRecords(DataFile file, char givenSeparator) throws IOException {
        this.file = file;
        InputStream content = file.openContent();
        try {
            InputStream in = content.markSupported() ? content : new BufferedInputStream(content);
            skipByteOrderMark(in);
            this.separator = givenSeparator == CsvFormat.DETECT ? CsvFormat.detectSeparator(in) : givenSeparator;
            this.csv = CsvReader.builder()
                    .fieldSeparator(separator)
                    .allowUnclosedQuote(false)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // whoever knows the schema says it better
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    // newDecoder() stops at what is not UTF-8; the usual one would make different labels one "caf?"
                    .build(cells, new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
            this.records = csv.iterator();
        } catch (IOException e) {
            content.close();
            throw UnreadableFile.failure(file, "at its start", e);
        } catch (RuntimeException e) {
            content.close();
            throw e;
        }
    }

    private static void skipByteOrderMark(InputStream in) throws IOException {
        in.mark(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(in.readNBytes(BYTE_ORDER_MARK.length), BYTE_ORDER_MARK)) {
            in.reset();
        }
    }

    /** Opens a file and reads its first line. */
    static CsvRecords open(DataFile file, CsvFormat format) throws IOException {
        CsvRecords records = new CsvRecords(file, format.separator());
        try {
            records.firstLine = records.next() == null ? null : List.copyOf(records.cells.header());
            return records;
        } catch (IOException | RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /** Opens the same file again, before its first line, which is a row. */
    CsvRecords fromFirstLine() throws IOException {
        return new CsvRecords(file, separator);
    }

    /** Whether there is nothing in the file, not even a header. */
    boolean isEmpty() {
        return firstLine == null;
    }

    /**
     * The names of the columns: as many as there are, all different, none empty.
     *
     * @throws DataException when there are none, or they are faulty
     */
    List<String> header(CsvFormat format) {
        if (firstLine == null) {
            throw new DataException("%s is empty: a CSV file starts with a header line", file.name());
        }
        if (format.header() == CsvFormat.Header.NONE) {
            return CsvFormat.numbered(firstLine.size());
        }
        if (format.header() == CsvFormat.Header.CHECKED && CsvFormat.looksLikeData(firstLine)) {
            throw new DataException(
                    "%s line %d: the first line looks like data, not like a header (%s): add a line with the names of"
                            + " the columns, or read the file as one without a header",
                    file.name(), cells.line(), LabelColumns.shortened(firstLine));
        }
        if (firstLine.get(0).startsWith("#") && firstLine.size() == 1) {
            throw new DataException(
                    "%s line %d: the first line starts with '#' and is one column: comments are not supported;"
                            + " remove the line, so that the file starts with the column names",
                    file.name(), cells.line());
        }
        checkNames();
        return firstLine;
    }

    private void checkNames() {
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < firstLine.size(); i++) {
            if (firstLine.get(i).isEmpty()) {
                throw new DataException(
                        "%s line %d: column %d of the header has no name", file.name(), cells.line(), i + 1);
            }
            Integer first = columns.putIfAbsent(firstLine.get(i), i + 1);
            if (first != null) {
                throw new DataException(
                        "%s line %d: the header names columns %d and %d '%s': every column needs a unique name",
                        file.name(), cells.line(), first, i + 1, firstLine.get(i));
            }
        }
    }

    /** From here on, cells are read as the schema says. */
    void select(CsvSchema schema) {
        cells.select(schema);
    }

    /** The next record, valid until the one after it; null at the end. */
    CsvCells next() throws IOException {
        try {
            return records.hasNext() ? records.next() : null;
        } catch (UncheckedIOException e) {
            throw UnreadableFile.failure(file, "in or after line " + cells.line(), e.getCause());
        } catch (CsvParseException | IllegalStateException e) {
            if (cells.count() == CsvCells.MOST_CELLS) {
                throw new DataException(
                        "%s line %d: has more than 1 million cells: is it a CSV file, with one row on each line?",
                        file.name(), cells.line());
            }
            boolean large = String.valueOf(e.getMessage()).contains("buffer size");
            throw new DataException(
                    "%s line %d: %s",
                    file.name(),
                    cells.line(),
                    large
                            ? "a cell there or in the next line is longer than 16 million characters: check its quotes and"
                                    + " shorten it"
                            : e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
