package dev.backdraft.data.file;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.LabelColumns;
import java.io.IOException;
import java.util.List;

/**
 * Reads a CSV file (RFC 4180: double quotes; UTF-8, a byte order mark allowed) into dense rows. A {@link CsvFormat} says how
 * cells are separated and whether there is a header line; by default there is one, and the separator is recognized.
 *
 * <p>Feature x = (float) of the cell's double, −0 becomes 0. The label is kept as text and, when it is a decimal number, as
 * number; without a label column both are missing. Blank lines are skipped. After a {@link DataException} about a row, the
 * next {@link #read} goes on with the row after it. Not thread-safe.
 *
 * <pre>{@code
 * DataFile file = DataFile.local(Path.of("iris.csv"));
 * CsvSchema schema = CsvSchema.of(CsvReader.readHeader(file), "species", null);
 * try (CsvReader reader = new CsvReader(file, schema)) {
 *     for (Example row = reader.read(); row != null; row = reader.read()) { … }
 * }
 * }</pre>
 */
public final class CsvReader implements ExampleReader {
    private final DataFile file;
    private final int columns;
    private final CsvRecords records;
    private long line;
    private List<String> kept = List.of();

    /**
     * Opens the file, which may be one of many with the same header.
     *
     * @throws DataException when the file is empty or its header is not the schema's
     */
    public CsvReader(DataFile file, CsvSchema schema) throws IOException {
        this(
                file,
                schema,
                CsvFormat.AUTO.withHeader(CsvFormat.Header.FIRST_LINE)); // the schema's names are what counts
    }

    /**
     * Opens a file of this format, which may be one of many with the same header.
     *
     * @throws DataException when the file is empty or its header is not the schema's
     */
    public CsvReader(DataFile file, CsvSchema schema, CsvFormat format) throws IOException {
        this(file, schema, format, false);
    }

    private CsvReader(DataFile file, CsvSchema schema, CsvFormat format, boolean mayBeEmpty) throws IOException {
        this.file = file;
        this.columns = schema.columns().size();
        this.records = openRecords(file, schema, format, mayBeEmpty);
    }

    /** Opens one of several files of a data set, which has no rows when it has no content, not even a header. */
    static CsvReader ofPart(DataFile file, CsvSchema schema, CsvFormat format) throws IOException {
        return new CsvReader(file, schema, format, true);
    }

    private static CsvRecords openRecords(DataFile file, CsvSchema schema, CsvFormat format, boolean mayBeEmpty)
            throws IOException {
        CsvRecords records = CsvRecords.open(file, format);
        try {
            if (!(mayBeEmpty && records.isEmpty())) {
                List<String> found = records.header(format);
                boolean hasNames = format.header() != CsvFormat.Header.NONE;
                if (!found.equals(schema.columns())) {
                    throw hasNames
                            ? otherHeader(file, found, schema.columns())
                            : new DataException(
                                    "%s: its first line has %d cells instead of %d: is it a different file, or is the separator"
                                            + " different?",
                                    file.name(), found.size(), schema.columns().size());
                }
                if (!hasNames) {
                    records.close();
                    records = records.fromFirstLine();
                }
                records.select(schema);
            }
            return records;
        } catch (IOException | RuntimeException e) {
            records.close();
            throw e;
        }
    }

    /**
     * The names of the columns: as many as there are, all different, none empty.
     *
     * @throws DataException when the file is empty or its header is faulty
     */
    public static List<String> readHeader(DataFile file) throws IOException {
        return readHeader(file, CsvFormat.AUTO);
    }

    /**
     * The names of the columns in a file of this format.
     *
     * @throws DataException when the file is empty or its header is faulty
     */
    public static List<String> readHeader(DataFile file, CsvFormat format) throws IOException {
        return readHeader(List.of(file), format);
    }

    /**
     * The names of the columns in the first of these files that has any content.
     *
     * @throws DataException when all files are empty or the header is faulty
     */
    public static List<String> readHeader(List<DataFile> files, CsvFormat format) throws IOException {
        for (DataFile file : files) {
            try (CsvRecords records = CsvRecords.open(file, format)) {
                if (!records.isEmpty() || files.size() == 1) {
                    return records.header(format);
                }
            }
        }
        throw new DataException(
                "%s: this file and all others are empty: there is nothing to read",
                files.get(0).name());
    }

    @Override
    public Example read() throws IOException {
        CsvCells cells = records.next();
        if (cells == null) {
            return null;
        }
        line = cells.line();
        if (cells.count() != columns) {
            throw new DataException(
                    "%s: %d fields, but there are %d columns: complete or remove the row",
                    where(), cells.count(), columns);
        }
        if (cells.isBad()) {
            throw cells.problem(where());
        }
        kept = cells.kept();
        return cells.toExample();
    }

    @Override
    public List<String> kept() {
        return kept;
    }

    @Override
    public String where() {
        return file.name() + " line " + line;
    }

    @Override
    public void close() throws IOException {
        records.close();
    }

    private static DataException otherHeader(DataFile file, List<String> found, List<String> expected) {
        int i = 0;
        while (i < Math.min(found.size(), expected.size()) && found.get(i).equals(expected.get(i))) {
            i++;
        }
        return new DataException(
                "%s: the header differs from the expected one in column %d (%s instead of %s): found %s;"
                        + " expected %s",
                file.name(),
                i + 1,
                name(found, i),
                name(expected, i),
                LabelColumns.shortened(found),
                LabelColumns.shortened(expected));
    }

    private static String name(List<String> names, int i) {
        return i < names.size() ? "'" + names.get(i) + "'" : "none";
    }
}
