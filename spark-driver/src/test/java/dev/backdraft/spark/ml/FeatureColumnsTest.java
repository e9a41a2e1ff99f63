package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import org.apache.spark.mllib.util.MLUtils;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Columns that cannot be features are refused before any job, with what to do. */
class FeatureColumnsTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static Dataset<Row> rows() {
        return SESSION.get()
                .sql(
                        "select double(id % 2) label, double(id) x, 1.0D w, id % 3 = 0 held, double(-id) y from range(60)");
    }

    @ParameterizedTest
    @CsvSource({
        "label, column 'label' is a feature and labelCol",
        "w, column 'w' is a feature and weightCol",
        "held, column 'held' is a feature and validationIndicatorCol",
        "x, featuresCols has column 'x' twice"
    })
    void aFeatureIsNoOtherColumnAndThereOnce(String second, String message) {
        NeuralNetworkClassifier classifier = new NeuralNetworkClassifier()
                .setFeaturesCols("x", second)
                .setWeightCol("w")
                .setValidationIndicatorCol("held");
        assertThatThrownBy(() -> classifier.fit(rows()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor()
                .setFeaturesCols("x", second)
                .setWeightCol("w")
                .setValidationIndicatorCol("held");
        assertThatThrownBy(() -> regressor.transformSchema(rows().schema()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    @Test
    void vectorsOfTheOlderPackageAreToBeConverted() {
        Dataset<Row> old = MLUtils.convertVectorColumnsFromML(Frames.classes(SESSION.get(), 2, 20, 1), "features");
        assertThatThrownBy(() -> new NeuralNetworkClassifier().fit(old))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("MLUtils.convertVectorColumnsToML")
                .hasMessageContaining("asML");
    }
}
