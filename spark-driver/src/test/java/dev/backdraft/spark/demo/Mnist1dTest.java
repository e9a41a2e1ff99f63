package dev.backdraft.spark.demo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.Example;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class Mnist1dTest {
    @Test
    void seed42HasThePublishedClassCounts() {
        Mnist1d set = Mnist1d.generate(42, 5000);

        assertThat(classCounts(set.train())).containsExactly(398, 396, 411, 394, 394, 402, 401, 404, 402, 398);
        assertThat(classCounts(set.test())).containsExactly(102, 104, 89, 106, 106, 98, 99, 96, 98, 102);
    }

    @Test
    void seed42StartsWithThePublishedNumbers() { // mnist1d_data.pkl of the authors, first training row
        Example first = Mnist1d.generate(42, 5000).train().get(0);

        assertThat(first.label()).isEqualTo(2);
        assertThat(Arrays.copyOf(first.values(), 4))
                .containsExactly(new float[] {-0.332006f, -0.471910f, -0.778697f, -1.009741f}, within(1e-6f));
    }

    @Test
    void seed42IsThePublishedFile() throws IOException {
        List<Example> published = published();
        Mnist1d set = Mnist1d.generate(42, 5000);
        List<Example> generated = all(set);

        assertThat(set.train()).hasSize(4000);
        assertThat(generated).hasSameSizeAs(published);
        for (int row = 0; row < published.size(); row++) {
            assertThat(generated.get(row).label())
                    .as("label of row %d", row)
                    .isEqualTo(published.get(row).label());
            assertThat(generated.get(row).values())
                    .as("row %d", row)
                    .containsExactly(published.get(row).values(), within(1e-6f));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 50, 1000})
    void anySizeHasEqualClassesAndStandardFeatures(int samples) {
        Mnist1d set = Mnist1d.generate(7, samples);
        List<Example> rows = all(set);

        assertThat(set.train()).hasSize(samples * 4 / 5);
        assertThat(classCounts(rows)).containsOnly(samples / 10);
        double sum = 0;
        double squares = 0;
        for (Example row : rows) {
            assertThat(row.values()).hasSize(Mnist1d.FEATURES);
            for (float x : row.values()) {
                sum += x;
                squares += x * x;
            }
        }
        double count = (double) samples * Mnist1d.FEATURES;
        assertThat(sum / count).isCloseTo(0, within(1e-6));
        assertThat(squares / count).isCloseTo(1, within(1e-6));
    }

    @Test
    void theSeedDecides() {
        assertThat(Mnist1d.generate(1, 20)).usingRecursiveComparison().isEqualTo(Mnist1d.generate(1, 20));
        assertThat(Mnist1d.generate(1, 20)).usingRecursiveComparison().isNotEqualTo(Mnist1d.generate(2, 20));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -10, 5, 5001})
    void everyClassHasTheSameNumberOfSamples(int samples) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Mnist1d.generate(42, samples))
                .withMessage("samples must be a positive multiple of 10: " + samples);
    }

    private static List<Example> published() throws IOException {
        DataFile file = DataFile.local(Path.of("..", "core", "src", "test", "resources", "data", "mnist1d.csv.gz"));
        List<Example> rows = new ArrayList<>();
        try (CsvReader reader = new CsvReader(file, CsvSchema.of(CsvReader.readHeader(file), null, null))) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Example> all(Mnist1d set) {
        List<Example> rows = new ArrayList<>(set.train());
        rows.addAll(set.test());
        return rows;
    }

    private static int[] classCounts(List<Example> rows) {
        int[] counts = new int[Mnist1d.CLASSES];
        rows.forEach(row -> counts[(int) row.label()]++);
        return counts;
    }
}
