package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.spark.ml.classification.LogisticRegression;
import org.apache.spark.ml.classification.LogisticRegressionModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Labels of a classifier are what they are for Spark's own: class indices, of which the largest says how many there are. */
@Tag("slow")
class LabelValuesTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static Dataset<Row> rows(String label) {
        return Frames.classes(SESSION.get(), 3, 90, 1)
                .withColumn("class", functions.expr(label))
                .drop("label")
                .withColumnRenamed("class", "label");
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier().setHiddenLayers().setMaxIter(15).setStepSize(0.1);
    }

    private static Set<Double> predictions(Dataset<Row> scored) {
        TreeSet<Double> values = new TreeSet<>();
        scored.select("prediction").distinct().collectAsList().forEach(row -> values.add(row.getDouble(0)));
        return values;
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "label + 1                       | 4  | 1, 2, 3",
                "10 * (label + 1)                | 31 | 10, 20, 30",
                "cast(label as short)            | 3  | 0, 1, 2",
                "cast(label + 1 as decimal(9,2)) | 4  | 1, 2, 3",
                "label > 0                       | 2  | 0, 1",
                "2 * cast(label > 0 as int)      | 3  | 0, 2"
            })
    void aPredictionIsALabelAsItIsGiven(String label, int classes, String values) {
        Dataset<Row> rows = rows(label);
        NeuralNetworkClassificationModel model = classifier().fit(rows);
        assertThat(model.numClasses()).isEqualTo(classes);
        assertThat(model.labels()).isEmpty();
        TreeSet<Double> expected = new TreeSet<>();
        for (String value : values.split(", ", -1)) {
            expected.add(Double.valueOf(value));
        }
        assertThat(predictions(model.transform(rows))).isEqualTo(expected);
        Dataset<Row> numbers = rows.withColumn("label", functions.col("label").cast("double"));
        LogisticRegressionModel sparks = new LogisticRegression().setMaxIter(15).fit(numbers);
        assertThat(sparks.numClasses()).isEqualTo(classes);
        assertThat(predictions(sparks.transform(numbers))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"2 * cast(label > 0 as int) - 1, -1.0", "label + 0.5D, 2.5", "-label, -2.0"})
    void whatIsNoIndexIsRefusedAsBySpark(String label, String shown) {
        Dataset<Row> rows = rows(label);
        assertThatThrownBy(() -> classifier().fit(rows))
                .hasMessageContaining("label " + shown + " is not a class")
                .hasMessageContaining("StringIndexer");
        assertThatThrownBy(() -> new LogisticRegression().fit(rows)).isInstanceOf(Exception.class);
    }

    /** Three outputs are classes 0, 1 and 2: labels 1, 2 and 3 are no names of them here, as the prediction would be no label. */
    @Test
    void labelsAreNoNamesWhereThereAreAsManyOutputs() {
        for (String label : List.of("label + 1", "10 * (label + 1)")) {
            assertThatThrownBy(() -> new NeuralNetworkClassifier()
                            .setLayers(new int[] {Frames.FEATURES, 3})
                            .fit(rows(label)))
                    .hasMessageContaining("is none of the 3 classes 0 to 2");
        }
    }
}
