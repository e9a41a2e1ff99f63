package dev.backdraft.data.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Files for tests: in memory, or the real data sets among the test resources. */
final class TestFiles {
    private static final Path DATA_SETS =
            Path.of("src", "test", "resources", "data"); // tests run in the module's folder

    private TestFiles() {}

    /** A UTF-8 file in memory. */
    static DataFile text(String name, String content) {
        return bytes(name, content.getBytes(StandardCharsets.UTF_8));
    }

    /** A file in memory with these stored bytes. */
    static DataFile bytes(String name, byte[] content) {
        return new MemoryFile(name, content);
    }

    static byte[] gzip(byte[] content) {
        ByteArrayOutputStream stored = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(stored)) {
            out.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return stored.toByteArray();
    }

    /** A real data set. */
    static DataFile dataSet(String name) {
        return DataFile.local(DATA_SETS.resolve(name));
    }

    /** All rows that are left. */
    static List<Example> readAll(ExampleReader reader) throws IOException {
        List<Example> rows = new ArrayList<>();
        for (Example row = reader.read(); row != null; row = reader.read()) {
            rows.add(row);
        }
        return rows;
    }

    /** All rows of a CSV file with the usual schema: the last column is the label. */
    static List<Example> readCsv(DataFile file) throws IOException {
        try (CsvReader reader = new CsvReader(file, schema(file))) {
            return readAll(reader);
        }
    }

    /** A schema is of names; its message gets the file from whoever has read them there. */
    private static CsvSchema schema(DataFile file) throws IOException {
        List<String> header = CsvReader.readHeader(file);
        try {
            return CsvSchema.of(header, null, null);
        } catch (DataException e) {
            throw e.in(file.name());
        }
    }

    /** The message with which a call refuses the user's data. */
    static String refusal(ThrowingCallable call) {
        DataException refusal = catchThrowableOfType(DataException.class, call);
        assertThat(refusal).as("nothing was refused").isNotNull();
        return refusal.getMessage();
    }

    private static final class MemoryFile implements DataFile {
        private static final long serialVersionUID = 1;

        private final String name;
        private final byte[] content;

        MemoryFile(String name, byte[] content) {
            this.name = name;
            this.content = content;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }
}
