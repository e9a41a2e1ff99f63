package dev.backdraft.faults.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.List;

/**
 * A data file has rows of finite or missing numbers, or is refused as the user's mistake. The first byte chooses the
 * format.
 */
class DataFileFuzzTest {
    private static final int MOST_ROWS = 1000;

    /** A file in memory. */
    private record MemoryFile(String name, byte[] content) implements DataFile {
        @Override
        public InputStream open() {
            return new ByteArrayInputStream(content);
        }
    }

    @FuzzTest(maxDuration = "25s")
    void hasRowsOrIsRefused(byte[] file) throws IOException {
        if (file.length == 0) {
            return;
        }
        byte[] content = Arrays.copyOfRange(file, 1, file.length);
        Bounds.check(() -> read(file[0] & 7, content));
    }

    private static void read(int format, byte[] content) throws IOException {
        String name = "data" + ((format & 4) == 0 ? "" : ".gz");
        DataFile data = new MemoryFile(name, content);
        try {
            ExampleSource source =
                    switch (format & 3) {
                        case 0 -> ExampleFiles.csv(List.of(data), schema(data));
                        case 1 -> ExampleFiles.csv(List.of(data), schema(data).raw());
                        case 2 -> ExampleFiles.libSvm(List.of(data));
                        default -> ExampleFiles.idx(data, data);
                    };
            for (int part = 0; part < source.parts(); part++) {
                read(source.open(part));
            }
        } catch (DataException e) {
            assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(2000);
        }
    }

    private static CsvSchema schema(DataFile data) throws IOException {
        return CsvSchema.of(CsvReader.readHeader(data), null, null);
    }

    private static void read(ExampleReader opened) throws IOException {
        try (ExampleReader reader = opened) {
            Example row = reader.read();
            for (int i = 0; row != null && i < MOST_ROWS; i++) {
                assertThat(row.weight()).isNotNegative();
                row = reader.read();
            }
        }
    }
}
