package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.train.DivergedException;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Numbers that explode, in an estimator. */
class OnDivergenceTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static NeuralNetworkRegressor regressor(double rate, String settings) {
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor()
                .setFeaturesCols("x", "y")
                .setLayers(new int[] {2, 1})
                .setOptimizer("sgd")
                .setStepSize(rate)
                .setBatchSize(10)
                .setMaxIter(40)
                .setL2(0)
                .setStandardize(false)
                .setValidationFraction(0);
        return settings == null ? regressor : regressor.setSettings(settings);
    }

    private static Dataset<Row> rows(String hugeRow) {
        return SESSION.get()
                .sql("select double(id % 7 - 3) x, double(id % 5) y, id % 7 + 0.5D label from range(40)"
                        + (hugeRow == null ? "" : " union all select " + hugeRow));
    }

    @Test
    void stopsUnlessItIsToldOtherwise() {
        assertThatThrownBy(() -> regressor(1e6, null).fit(rows(null)))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("at learning rate 1000000.0; ")
                .hasMessageContaining("layers.0.");
    }

    @Test
    void theSummaryCountsRollbacks() {
        NeuralNetworkTrainingSummary summary =
                regressor(2, "{\"onDivergence\": \"rollback\"}").fit(rows(null)).summary();
        assertThat(summary.rollbacks()).isBetween(1, 8);
        assertThat(summary.totalIterations()).isEqualTo(40);
        assertThat(summary.skippedUpdates()).isZero();
    }

    @Test
    void theSummaryCountsSkippedUpdates() {
        NeuralNetworkTrainingSummary summary = regressor(0.01, "{\"onDivergence\": \"skip\"}")
                .fit(rows("1e25D, 1D, 1e20D"))
                .summary();
        assertThat(summary.skippedUpdates()).isEqualTo(40);
        assertThat(summary.rollbacks()).isZero();
    }
}
