package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** A column that only counts the rows is found, whatever parts the rows are in; others are not taken for one. */
class CountingColumnsTest {
    private static DataScan scan(int from, int to, Row row) {
        DataScan scan = new DataScan(3, new DataScan.Split(1, 0.2), false);
        for (int i = from; i < to; i++) {
            scan.add(row.of(i), () -> "a row");
        }
        return scan;
    }

    private interface Row {
        Example of(int i);
    }

    private static Example row(int i) {
        return Example.dense(
                new double[] {i % 7, i + 16_777_216.0, 0.5 * i}, 0); // floats alone would repeat themselves
    }

    @Test
    void aRowNumberIsFoundInAnyParts() {
        assertThat(scan(0, 50, CountingColumnsTest::row).countingFeatures()).containsExactly(1);
        DataScan sum = scan(30, 50, CountingColumnsTest::row);
        sum.add(scan(0, 0, CountingColumnsTest::row));
        sum.add(scan(0, 29, CountingColumnsTest::row));
        sum.add(scan(29, 30, CountingColumnsTest::row));
        assertThat(sum.countingFeatures()).containsExactly(1);
        DataScan empty = scan(0, 0, CountingColumnsTest::row);
        empty.add(sum);
        assertThat(empty.countingFeatures()).containsExactly(1);
        assertThat(scan(0, 0, CountingColumnsTest::row).countingFeatures()).isEmpty();
    }

    @Test
    void rowsThatAreLeftOutOrHaveNoWeightMayBeMissing() {
        DataScan scan = new DataScan(3, new DataScan.Split(1, 0), false);
        RowsFingerprint left = new RowsFingerprint();
        for (int i = 0; i < 50; i++) {
            if (i % 5 == 3) {
                left.add(row(i));
            } else {
                scan.add(row(i).withWeight(i % 5), () -> "a row");
            }
        }
        assertThat(scan.countingFeatures()).as("a range that is too large").isEmpty();
        scan.addLeftOut(left);
        assertThat(scan.countingFeatures()).containsExactly(1);
        assertThat(scan.source().count()).as("without the rows of weight 0").isEqualTo(40);
    }

    @Test
    void whatDoesNotIncreaseByWholeNumbersIsNoRowNumber() {
        assertThat(scan(0, 50, i -> Example.dense(new double[] {Math.floor(0.5 * i), 3.0 * i, 50.0 - i}, 0))
                        .countingFeatures())
                .isEmpty();
        assertThat(scan(0, 9, CountingColumnsTest::row).countingFeatures())
                .as("few rows increase by chance")
                .isEmpty();
        assertThat(scan(0, 50, i -> Example.sparse(new int[] {1}, new float[] {i}, 0))
                        .countingFeatures())
                .isEmpty();
        DataScan single = new DataScan(1, new DataScan.Split(1, 0), false);
        for (int i = 0; i < 50; i++) {
            single.add(Example.dense(new float[] {i}, 2 * i), () -> "a row");
        }
        assertThat(single.countingFeatures()).as("the only feature").isEmpty();
    }

    @Test
    void fingerprintsDoNotDependOnOrderOrWeights() {
        List<Example> rows = List.of(row(1), row(2), row(2).withLabelText("b", Double.NaN));
        RowsFingerprint some = new RowsFingerprint();
        rows.forEach(some::add);
        RowsFingerprint others = new RowsFingerprint();
        others.add(rows.get(2).withWeight(0));
        RowsFingerprint rest = new RowsFingerprint();
        rest.add(rows.get(1).withWeight(3));
        rest.add(rows.get(0));
        others.add(rest);
        assertThat(others).hasToString(some.toString());
        assertThat(others.count()).isEqualTo(3);
        rest.add(rows.get(2).withLabelText("c", Double.NaN));
        assertThat(rest).doesNotHaveToString(some.toString());
    }
}
