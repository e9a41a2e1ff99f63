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
        EpochTable table = new EpochTable(result(1, 0.5, 1.2791), 80, false);

        assertThat(table.header())
                .isEqualTo("  epoch      loss  validation loss  validation accuracy      rows/s     left");
        assertThat(table.row(result(50, 0.59, 1.2791), "0:12"))
                .isEqualTo(" 50/100    0.3092           1.2791               0.5900     400,000     0:12");
    }

    @Test
    void aWiderTerminalShowsMore() {
        assertThat(new EpochTable(result(1, 0.5, 1.2), 120, true).header())
                .endsWith("left  accuracy   roc-auc  learning rate");
        assertThat(new EpochTable(result(1, 0.5, 1.2), 120, false).header())
                .as("a constant learning rate takes no column")
                .endsWith("left  accuracy   roc-auc");
    }

    @Test
    void onlyWhatIsMeasuredHasAColumn() {
        assertThat(new EpochTable(result(1, Double.NaN, Double.NaN), 80, false).header())
                .isEqualTo("  epoch      loss      rows/s     left   roc-auc");
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 40, 80, 100, 120, 200})
    void rowsLineUpWithTheHeader(int width) {
        EpochTable table = new EpochTable(result(1, 0.5, 1.2), width, true);
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
        assertThat(new EpochTable(small, 80, false).row(small, "0:00")).contains("3.20e-05");
    }

    @Test
    void epochsHaveThousandsSeparatorsAsRowsHave() {
        EpochResult many =
                new EpochResult(1234, 5000, 0.5, Double.NaN, Double.NaN, Double.NaN, 1, new TreeMap<>(), 1234, 1, null);
        EpochTable table = new EpochTable(many, 80, false);
        assertThat(table.row(many, "0:09")).startsWith("1,234/5,000").hasSameSizeAs(table.header());
    }
}
