package dev.backdraft.data;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PushbackInputStream;
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
    private final List<String> header;

    /** Opens the file and reads its header. */
    CsvRecords(DataFile file) throws IOException {
        this.file = file;
        InputStream in = file.openContent();
        try {
            in = skipByteOrderMark(in);
            this.csv = CsvReader.builder()
                    .allowUnclosedQuote(false)
                    .missingFieldStrategy(FieldMismatchStrategy.IGNORE) // whoever knows the schema says it better
                    .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                    // newDecoder() stops at what is not UTF-8; the usual one would make different labels one "caf?"
                    .build(cells, new InputStreamReader(in, StandardCharsets.UTF_8.newDecoder()));
            this.records = csv.iterator();
            this.header = readHeader();
        } catch (IOException e) {
            in.close();
            throw UnreadableFile.failure(file, "at its start", e);
        } catch (RuntimeException e) {
            in.close();
            throw e;
        }
    }

    private static InputStream skipByteOrderMark(InputStream content) throws IOException {
        PushbackInputStream in = new PushbackInputStream(content, BYTE_ORDER_MARK.length);
        byte[] start = in.readNBytes(BYTE_ORDER_MARK.length);
        if (!Arrays.equals(start, BYTE_ORDER_MARK)) {
            in.unread(start);
        }
        return in;
    }

    private List<String> readHeader() throws IOException {
        if (next() == null) {
            throw new DataException("%s: is empty: a CSV file starts with a header line", file.name());
        }
        List<String> names = cells.header();
        Map<String, Integer> columns = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (names.get(i).isEmpty()) {
                throw new DataException(
                        "%s line %d: column %d of the header has no name", file.name(), cells.line(), i + 1);
            }
            Integer first = columns.putIfAbsent(names.get(i), i + 1);
            if (first != null) {
                throw new DataException(
                        "%s line %d: the header names columns %d and %d '%s': every column needs a name of its own",
                        file.name(), cells.line(), first, i + 1, names.get(i));
            }
        }
        return List.copyOf(names);
    }

    /** The names of the columns: as many as there are, all different, none empty. */
    List<String> header() {
        return header;
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
        } catch (CsvParseException e) {
            throw new DataException("%s line %d: %s", file.name(), cells.line(), e.getMessage());
        }
    }

    @Override
    public void close() throws IOException {
        csv.close();
    }
}
