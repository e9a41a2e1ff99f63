package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.spark.LogLines;
import dev.backdraft.spark.engine.SparkTraining;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * One bad row among a thousand, of each kind, in a DataFrame: the fit is refused, and the message names column and row;
 * or the row is skipped and counted, and the model has the bits of the other rows.
 */
class OneBadRowTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static final int ROWS = 1000;
    private static final int PLACE = 700; // rows before the bad one
    private static final Vector GOOD = Vectors.dense(1, 2);

    /** A thousand rows and these bad ones, in one partition. */
    private static Dataset<Row> frame(Row... bad) {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < ROWS; i++) {
            rows.add(Samples.row((double) (i % 3), 1.0 + i % 2, Vectors.dense(Math.sin(i) + i % 3, Math.cos(3 * i))));
        }
        rows.addAll(PLACE, List.of(bad));
        return Samples.weighted(SESSION.get(), rows.toArray(new Row[0])).coalesce(1);
    }

    private static NeuralNetworkClassifier classifier() {
        return quick(new NeuralNetworkClassifier(), 3);
    }

    private static NeuralNetworkRegressor regressor() {
        return quick(new NeuralNetworkRegressor(), 1);
    }

    /** One step, on all rows. */
    private static <E extends Params & NeuralNetworkSetters<E>> E quick(E estimator, int outputs) {
        return estimator
                .setLayers(2, outputs)
                .setMaxIter(1)
                .setBatchSize(0)
                .setStepSize(0.05)
                .setL2(0)
                .setStandardize(false)
                .setValidationFraction(0)
                .setWeightCol("weight");
    }

    /** Rows that may be skipped: a column, the row, why it is skipped. */
    static Stream<Arguments> invalid() {
        return Stream.of(
                Arguments.of("label", Samples.row(null, 1.0, GOOD), InvalidValue.MISSING),
                Arguments.of("label", Samples.row(Double.NaN, 1.0, GOOD), InvalidValue.NAN),
                Arguments.of("label", Samples.row(Double.POSITIVE_INFINITY, 1.0, GOOD), InvalidValue.INFINITE),
                Arguments.of("features", Samples.row(1.0, 1.0, null), InvalidValue.MISSING),
                Arguments.of("features[1]", Samples.row(1.0, 1, Double.NaN), InvalidValue.NAN),
                Arguments.of("features[0]", Samples.row(1.0, Double.POSITIVE_INFINITY, 1), InvalidValue.INFINITE),
                Arguments.of("features[0]", Samples.row(1.0, Double.NEGATIVE_INFINITY, 1), InvalidValue.INFINITE),
                Arguments.of("features[0]", Samples.row(1.0, 1e39, 1), InvalidValue.INFINITE),
                Arguments.of(
                        "features[1]",
                        Samples.row(1.0, 1.0, Vectors.sparse(2, new int[] {1}, new double[] {Double.NaN})),
                        InvalidValue.NAN),
                Arguments.of("weight", Samples.row(1.0, null, GOOD), InvalidValue.MISSING),
                Arguments.of("weight", Samples.row(1.0, Double.NaN, GOOD), InvalidValue.NAN),
                Arguments.of("weight", Samples.row(1.0, Double.POSITIVE_INFINITY, GOOD), InvalidValue.INFINITE),
                Arguments.of("weight", Samples.row(1.0, 1e39, GOOD), InvalidValue.INFINITE));
    }

    @ParameterizedTest
    @MethodSource("invalid")
    void anInvalidValueIsRefused(String column, Row row, InvalidValue reason) {
        Dataset<Row> rows = frame(row);
        if (column.equals("label")) { // which a classifier looks at in another way
            assertThatThrownBy(() -> classifier().fit(rows))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("'label'");
        }
        assertThatThrownBy(() -> regressor().fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("row 701, column '" + column + "'")
                .hasMessageContaining("(1 such row: 1 " + reason.text() + ")")
                .extracting(thrown -> ((DataException) thrown).invalidValue())
                .isEqualTo(reason);
    }

    /** All of them at once: a kind that was not skipped would be refused. */
    @Test
    void invalidValuesAreSkippedAndCounted() {
        Dataset<Row> clean = frame();
        Dataset<Row> rows = frame(invalid().map(kind -> (Row) kind.get()[1]).toArray(Row[]::new));
        String kinds =
                "3 with an empty cell, 4 with NaN, 6 with an infinite number or one beyond the range of a 32-bit float";
        assertThatThrownBy(() -> regressor().fit(rows)).hasMessageContaining("(13 such rows: " + kinds + ")");
        String counts = "13 rows skipped: " + kinds;
        try (LogLines log = new LogLines(SparkTraining.class)) {
            assertThat(classifier().setHandleInvalid("skip").fit(rows).model().weightsSha256())
                    .isEqualTo(classifier().fit(clean).model().weightsSha256());
            assertThat(regressor().setHandleInvalid("keep").fit(rows).model().weightsSha256())
                    .isEqualTo(regressor().fit(clean).model().weightsSha256());
            assertThat(log.lines()).containsExactly(counts, counts);
        }
    }

    /** Mistakes that no setting skips. */
    static Stream<Arguments> mistakes() {
        return Stream.of(
                Arguments.of(Samples.row(1.0, -1.0, GOOD), "row 701, column 'weight': the weight is -1.0", regressor()),
                Arguments.of(
                        Samples.row(1.0, 1, 2, 3),
                        "row 701, column 'features': the vector has 3 features instead of 2",
                        regressor()),
                Arguments.of(
                        Samples.row(1.0, 1),
                        "row 701, column 'features': the vector has 1 features instead of 2",
                        regressor()),
                Arguments.of(Samples.row(3.0, 1.0, GOOD), "label 3", classifier()),
                Arguments.of(Samples.row(-1.0, 1.0, GOOD), "label -1", classifier()),
                Arguments.of(Samples.row(0.5, 1.0, GOOD), "label 0.5", classifier()));
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void anotherMistakeIsRefusedInAnyCase(Row row, String message, Estimator<?> estimator) {
        Dataset<Row> rows = frame(row);
        for (String way : List.of("error", "skip")) {
            estimator.set(estimator.getParam("handleInvalid"), way);
            assertThatThrownBy(() -> estimator.fit(rows))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining(message);
        }
    }
}
