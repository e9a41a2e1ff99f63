package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import dev.backdraft.explain.Contributions;
import dev.backdraft.explain.IntegratedGradients;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The column of contributions: complete, and the same as those of core. */
class ContributionsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> table() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            Integer age = i % 7 == 0 ? null : 20 + i * 17 % 50;
            String city = i % 11 == 0 ? null : "city " + i * 31 % 13;
            rows.add(RowFactory.create(age, city, i * 17 % 50 > 25 ? 1.0 : 0.0, 2.5 * i));
        }
        StructType schema = new StructType()
                .add("age", DataTypes.IntegerType)
                .add("city", DataTypes.StringType)
                .add("label", DataTypes.DoubleType)
                .add("amount", DataTypes.DoubleType);
        return SPARK.get().createDataFrame(rows, schema);
    }

    private static Example raw(Row row) {
        String age = row.isNullAt(0) ? "" : Integer.toString(row.getInt(0));
        return Example.raw(Cells.of(age, row.isNullAt(1) ? "" : row.getString(1)), 0);
    }

    @Test
    void thoseOfAClassifierSumUpToTheRawPredictionOfThePredictedClass() {
        Dataset<Row> table = table();
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setFeaturesCols("age", "city")
                .setContributionsCol("why")
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(3)
                .fit(table);

        Dataset<Row> scored = model.transform(table);
        AttributeGroup group = AttributeGroup.fromStructField(scored.schema().apply("why"));
        assertThat(Arrays.stream(group.attributes().get())
                        .map((Attribute one) -> one.name().get()))
                .containsExactly("age", "city");
        IntegratedGradients core = new IntegratedGradients(model.model());
        for (Row row : scored.limit(40).collectAsList()) {
            Contributions expected = core.of(raw(row));
            double[] found = row.<Vector>getAs("why").toArray();
            assertThat(found)
                    .containsExactly(expected.values().get(0), expected.values().get(1));
            double raw = row.<Vector>getAs("rawPrediction")
                    .apply((int) row.<Double>getAs("prediction").doubleValue());
            assertThat(found[0] + found[1])
                    .isCloseTo(raw - expected.baseline(), within(1e-4 * Math.max(1, Math.abs(raw))));
        }
    }

    /** Class 0 with threshold 0 always wins, and the contributions are those to it. */
    @Test
    void thresholdsChooseTheClassThatIsExplained() {
        Dataset<Row> table = table();
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setFeaturesCols("age", "city")
                .setPreset("none")
                .setHiddenLayers(4)
                .setMaxIter(2)
                .fit(table)
                .setContributionsCol("why");
        model.setThresholds(new double[] {0, 1});
        IntegratedGradients core = new IntegratedGradients(model.model());
        for (Row row : model.transform(table.limit(20)).collectAsList()) {
            List<Double> expected = core.of(raw(row), 0).values();
            assertThat(row.<Vector>getAs("why")).isEqualTo(Vectors.dense(expected.get(0), expected.get(1)));
        }
    }

    @Test
    void thoseOfARegressionSumUpToThePrediction() {
        Dataset<Row> table = table();
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setFeaturesCols("age", "city")
                .setLabelCol("amount")
                .setPreset("none")
                .setHiddenLayers(8)
                .setMaxIter(3)
                .fit(table)
                .setContributionsCol("why");
        double baseline =
                new IntegratedGradients(model.model()).of(raw(table.head())).baseline();
        for (Row row : model.transform(table.limit(40)).collectAsList()) {
            double[] found = row.<Vector>getAs("why").toArray();
            double prediction = row.<Double>getAs("prediction");
            assertThat(found[0] + found[1]).isCloseTo(prediction - baseline, within(1e-4 * 250));
        }
    }

    @Test
    void rowsThatCannotBeScoredHaveNone() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setHiddenLayers(4)
                .setMaxIter(2)
                .setContributionsCol("why")
                .setHandleInvalid("keep")
                .fit(rows);
        int features = model.numFeatures();
        double[] unknown = new double[features];
        Arrays.fill(unknown, Double.NaN);
        Dataset<Row> bad = SPARK.get()
                .createDataFrame(
                        List.of(RowFactory.create(Vectors.dense(unknown))),
                        new StructType().add("features", SQLDataTypes.VectorType()));
        assertThat(model.transform(bad).head().<Vector>getAs("why").toArray()).containsExactly(unknown);
        assertThat(AttributeGroup.fromStructField(model.transform(rows).schema().apply("why"))
                        .size())
                .isEqualTo(features);
    }

    @Test
    void severalValuesAreRefusedBeforeAnyJob() {
        StructType schema = new StructType().add("x", DataTypes.DoubleType).add("y", SQLDataTypes.VectorType());
        Dataset<Row> rows = SPARK.get()
                .createDataFrame(
                        List.of(
                                RowFactory.create(1.0, Vectors.dense(1, 2)),
                                RowFactory.create(2.0, Vectors.dense(3, 2))),
                        schema);
        NeuralNetworkRegressionModel model = new NeuralNetworkRegressor()
                .setFeaturesCols("x")
                .setLabelCol("y")
                .setHiddenLayers(2)
                .setMaxIter(1)
                .setValidationFraction(0)
                .fit(rows);
        assertThatThrownBy(() -> model.setContributionsCol("why").transformSchema(rows.schema()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contributionsCol 'why'")
                .hasMessageContaining("2 values for a row");
    }
}
