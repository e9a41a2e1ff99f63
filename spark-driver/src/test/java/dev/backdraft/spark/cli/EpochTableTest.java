package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.train.EpochResult;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EpochTableTest {
    private static EpochResult result(int epoch, double accuracy, double validationLoss) {
        TreeMap<String, Double> metrics = new TreeMap<>();
        metrics.put("roc-auc", 0.98765);
        double validationAccuracy = Double.isNaN(validationLoss) ? Double.NaN : accuracy;
        return new EpochResult(
                epoch, 100, 0.30921, accuracy, validationLoss, validationAccuracy, 0.001, metrics, 4000, 0.01, null);
    }

    @Test
    void eightyColumnsHaveWhatOneWatches() {
        EpochTable table = new EpochTable(result(1, 0.5, 1.2791), 80);

        assertThat(table.header())
                .isEqualTo("  epoch      loss  validation loss  validation accuracy      rows/s     left");
        assertThat(table.row(result(50, 0.59, 1.2791), "0:12"))
                .isEqualTo(" 50/100    0.3092           1.2791               0.5900     400,000     0:12");
    }

    @Test
    void aWiderTerminalShowsMore() {
        assertThat(new EpochTable(result(1, 0.5, 1.2), 120).header())
                .endsWith("left  accuracy   roc-auc  learning rate");
    }

    @Test
    void onlyWhatIsMeasuredHasAColumn() {
        assertThat(new EpochTable(result(1, Double.NaN, Double.NaN), 80).header())
                .isEqualTo("  epoch      loss      rows/s     left   roc-auc  learning rate");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 40, 80, 100, 120, 200})
    void rowsLineUpWithTheHeader(int width) {
        EpochTable table = new EpochTable(result(1, 0.5, 1.2), width);
        for (int epoch : new int[] {1, 99, 100}) {
            assertThat(table.row(result(epoch, 1, 12345.678), "1:02:03"))
                    .hasSameSizeAs(table.header())
                    .hasSizeLessThanOrEqualTo(Math.max(width, 17));
        }
    }

    @Test
    void smallAndLargeNumbersKeepTheirDigits() {
        EpochResult small =
                new EpochResult(1, 9, 3.2e-5, Double.NaN, Double.NaN, Double.NaN, 1, new TreeMap<>(), 1, 1, null);
        assertThat(new EpochTable(small, 80).row(small, "0:00")).contains("3.20e-05");
    }
}
