package dev.backdraft.data.file;

import static dev.backdraft.data.file.TestFiles.dataSet;
import static dev.backdraft.data.file.TestFiles.readAll;
import static dev.backdraft.data.file.TestFiles.readCsv;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files: rows, widths and a known value of each. */
class DataSetsTest {
    @ParameterizedTest
    @CsvSource({
        // rows and features, features of the first row at an index, its label; read off the files
        "iris.csv.gz,          150,  4,  0, 5.7,    versicolor",
        "digits.csv.gz,        1797, 64, 5, 13,     1",
        "breast_cancer.csv.gz, 569,  30, 4, 0.1082, 1",
        "diabetes.csv.gz,      442,  10, 8, 5.0626, 170",
    })
    void csvFilesAreReadWhole(String name, int rows, int features, int index, float value, String label)
            throws IOException {
        List<Example> examples = readCsv(dataSet(name));

        assertThat(examples).hasSize(rows).allMatch(row -> row.values().length == features);
        assertThat(examples.get(0).values()[index]).isEqualTo(value);
        assertThat(examples.get(0).labelText()).isEqualTo(label);
    }

    @Test
    void irisHasThreeClassesOfFifty() throws IOException {
        List<Example> rows = readCsv(dataSet("iris.csv.gz"));

        Set<String> classes = new HashSet<>();
        rows.forEach(row -> classes.add(row.labelText()));
        assertThat(classes).containsExactlyInAnyOrder("setosa", "versicolor", "virginica");
        for (String name : classes) {
            assertThat(rows).filteredOn(row -> row.labelText().equals(name)).hasSize(50);
        }
    }

    @Test
    void mnistIsReadWhole() throws IOException { // the first 1,000 of its test pictures
        DataFile pictures = dataSet("mnist1000-images-idx3-ubyte.gz");
        DataFile labels = dataSet("mnist1000-labels-idx1-ubyte.gz");

        try (IdxReader reader = new IdxReader(pictures, labels)) {
            assertThat(reader.featureCount()).isEqualTo(784);
            Example first = reader.read();
            assertThat(first.label()).isEqualTo(7);
            assertThat(first.values()).hasSize(784);
            assertThat(first.values()[201]).isZero();
            assertThat(first.values()[202]).isEqualTo((float) (84 / 255.0));
            assertThat(readAll(reader)).hasSize(999);
        }
    }
}
