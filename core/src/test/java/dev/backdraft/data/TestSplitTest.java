package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every row is on one side of the split, and which one does not depend on the draw of validation rows. */
class TestSplitTest {
    private static List<Example> rows(int count) {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            rows.add(Example.dense(new float[] {i, i * i}, i % 2));
        }
        return rows;
    }

    @Test
    void drawsTheShareIndependentlyOfTheValidationRows() {
        TestSplit test = new TestSplit(42, 0.2);
        DataScan.Split validation = new DataScan.Split(42, 0.2);
        long drawn = 0;
        long both = 0;
        for (Example row : rows(10_000)) {
            drawn += test.isTest(row) ? 1 : 0;
            both += test.isTest(row) && validation.isValidation(row) ? 1 : 0;
        }
        assertThat(drawn).isBetween(1850L, 2150L);
        assertThat(both).isBetween(320L, 480L); // 0.2 of 0.2
    }

    @Test
    void copiesOfARowFallOnTheSameSide() {
        TestSplit split = new TestSplit(7, 0.5);
        for (Example row : rows(100)) {
            assertThat(split.isTest(row.withLabel(5))).isEqualTo(split.isTest(row));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, Double.NaN})
    void refusesOtherShares(double share) {
        assertThatThrownBy(() -> new TestSplit(42, share)).hasMessageContaining("above 0 and below 1");
    }
}
