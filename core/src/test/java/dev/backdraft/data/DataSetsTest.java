package dev.backdraft.data;

import static dev.backdraft.data.TestFiles.dataSet;
import static dev.backdraft.data.TestFiles.readAll;
import static dev.backdraft.data.TestFiles.readCsv;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real files, where they are: rows, widths and a known value of each. */
class DataSetsTest {
    @ParameterizedTest
    @CsvSource({
        // rows and features, features of the first row at an index, its label; read off the files
        "iris.csv,          150,  4,  0, 5.7,    versicolor",
        "digits.csv,        1797, 64, 5, 13,     1",
        "breast_cancer.csv, 569,  30, 4, 0.1082, 1",
        "diabetes.csv,      442,  10, 8, 5.0626, 170",
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
        List<Example> rows = readCsv(dataSet("iris.csv"));

        Set<String> classes = new HashSet<>();
        rows.forEach(row -> classes.add(row.labelText()));
        assertThat(classes).containsExactlyInAnyOrder("setosa", "versicolor", "virginica");
        for (String name : classes) {
            assertThat(rows).filteredOn(row -> row.labelText().equals(name)).hasSize(50);
        }
    }

    @ParameterizedTest
    @CsvSource({"train, 60000, 5, 152, 3", "t10k, 10000, 7, 202, 84"}) // a pixel of the first picture
    void mnistIsReadWhole(String part, int rows, int label, int pixel, int grey) throws IOException {
        DataFile pictures = dataSet("mnist/" + part + "-images-idx3-ubyte.gz");
        DataFile labels = dataSet("mnist/" + part + "-labels-idx1-ubyte.gz");

        try (IdxReader reader = new IdxReader(pictures, labels)) {
            assertThat(reader.featureCount()).isEqualTo(784);
            Example first = reader.read();
            assertThat(first.label()).isEqualTo(label);
            assertThat(first.values()).hasSize(784);
            assertThat(first.values()[pixel - 1]).isZero();
            assertThat(first.values()[pixel]).isEqualTo((float) (grey / 255.0));
            assertThat(readAll(reader)).hasSize(rows - 1);
        }
    }
}
