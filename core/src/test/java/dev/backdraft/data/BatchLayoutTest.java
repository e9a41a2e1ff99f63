package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class BatchLayoutTest {
    /** Rows, batch size, lanes: sizes around every boundary of batches, leaves and blocks. */
    static Stream<List<Integer>> everyCut() {
        List<List<Integer>> cuts = new ArrayList<>();
        int[] rows = {1, 2, 5, 23, 24, 25, 47, 48, 49, 101, 4095, 4096, 4097, 8193, 10_000, 50_021};
        int[] batches = {1, 2, 7, 24, 48, 128, 1000, 5000, 10_000, BatchLayout.FULL_BATCH};
        for (int n : rows) {
            for (int batch : batches) {
                for (int lanes : new int[] {0, 1, 2, 3, 4, 8, 24}) {
                    if (lanes == 0 || batch >= n || batch % lanes == 0) {
                        cuts.add(List.of(n, batch, lanes));
                    }
                }
            }
        }
        return cuts.stream();
    }

    static BatchLayout layout(List<Integer> cut) {
        return BatchLayout.of(cut.get(0), cut.get(1), cut.get(2));
    }

    @ParameterizedTest
    @MethodSource("everyCut")
    void lanesAndTheirBlocksCoverAllRanksOnceInOrder(List<Integer> cut) {
        BatchLayout layout = layout(cut);
        long rank = 0;
        int block = 0;
        for (int lane = 0; lane < layout.lanes(); lane++) {
            assertThat(layout.laneStart(lane)).isEqualTo(rank);
            assertThat(layout.firstBlock(lane)).isEqualTo(block);
            long end = rank + layout.laneRows(lane);
            for (int index = 0; index < layout.blocksOf(lane); index++, block++) {
                int rows = layout.rowsOfBlock(lane, index);
                assertThat(layout.blockStart(lane, index)).isEqualTo(rank);
                assertThat(rows).isBetween(1, layout.blockRows());
                if (index < layout.blocksOf(lane) - 1) {
                    assertThat(rows).isEqualTo(layout.blockRows());
                }
                rank += rows;
            }
            assertThat(rank).isEqualTo(end);
        }
        assertThat(rank).isEqualTo(cut.get(0).longValue());
        assertThat(layout.laneStart(layout.lanes())).isEqualTo(rank);
        assertThat(layout.firstBlock(layout.lanes())).isEqualTo(block);
        assertThat(layout.blockCount()).isEqualTo(block);
        assertThat(layout.blockRows() % layout.leafRows()).isZero();
    }

    @ParameterizedTest
    @MethodSource("everyCut")
    void stepsAreAsManyAsBatches(List<Integer> cut) {
        BatchLayout layout = layout(cut);
        long n = cut.get(0);
        long batch = Math.min(cut.get(1), n);
        assertThat(layout.stepsPerEpoch()).isEqualTo((n + batch - 1) / batch);
        for (long step = 0; step < layout.stepsPerEpoch() - 1; step++) {
            assertThat(layout.activeLanes(step)).isEqualTo(layout.lanes());
        }
        assertThat(layout.activeLanes(layout.stepsPerEpoch() - 1)).isBetween(1, layout.lanes());
        if (batch < n) {
            assertThat((long) layout.lanes() * layout.leafRows()).isEqualTo(batch);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {101, 102, 5000, BatchLayout.FULL_BATCH})
    void aBatchOfAllRowsOrMoreIsTheWholeSetInOneStep(int batchSize) {
        for (int lanes : new int[] {0, 1, 2, 3, 7}) {
            BatchLayout layout = BatchLayout.of(101, batchSize, lanes);
            BatchLayout full = BatchLayout.of(101, BatchLayout.FULL_BATCH, lanes);
            assertThat(layout.stepsPerEpoch()).isEqualTo(1);
            assertThat(layout.lanes()).isEqualTo(full.lanes());
            assertThat(layout.leafRows()).isEqualTo(full.leafRows());
            assertThat(layout.blockCount()).isEqualTo(layout.lanes()); // every leaf a block of its own
        }
    }

    @Test
    void lanesMustDivideTheBatchSize() {
        assertThatThrownBy(() -> BatchLayout.of(1000, 100, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the number of lanes must divide the batch size: 3 lanes, batch size 100");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> BatchLayout.of(0, 10, 0))
                .isInstanceOf(DataException.class)
                .hasMessage("no rows to train on");
        assertThatThrownBy(() -> BatchLayout.of(10, 0, 0)).hasMessageContaining("batch size 0");
        assertThatThrownBy(() -> BatchLayout.of(10, 5, -1)).hasMessageContaining("lanes -1");
    }

    @ParameterizedTest
    @CsvSource({
        // lanes of their own choice divide the batch and leave enough rows to each
        "1, 1",
        "47, 1",
        "96, 2",
        "128, 2",
        "384, 8",
        "512, 8",
        "1024, 8",
        "4096, 16",
        "8192, 32",
        "127, 1",
        "131, 1"
    })
    void lanesAreChosenByTheBatchSize(int batchSize, int lanes) {
        BatchLayout layout = BatchLayout.of(1_000_000, batchSize, BatchLayout.AUTO_LANES);
        assertThat(layout.lanes()).isEqualTo(lanes);
        assertThat(layout.lanes() * layout.leafRows()).isEqualTo(batchSize);
    }

    @Test
    void billionsOfRowsDoNotOverflow() {
        long rows = 20_000_000_011L;
        BatchLayout layout = BatchLayout.of(rows, 65_536, 64);
        assertThat(layout.laneStart(64)).isEqualTo(rows);
        assertThat(layout.stepsPerEpoch()).isEqualTo((rows + 65_535) / 65_536);
        long sum = 0;
        for (int lane = 0; lane < 64; lane++) {
            sum += layout.laneRows(lane);
        }
        assertThat(sum).isEqualTo(rows);
    }

    @ParameterizedTest
    @CsvSource({"211, 24, 6", "5000, 400, 4", "37, 37, 0", "9000, 64, 1", "100, 1000, 7", "1, 1, 1"})
    void stepsDealOutEveryRowOnce(long rows, int batchSize, int lanes) {
        BatchLayout layout = BatchLayout.of(rows, batchSize, lanes);
        long all = 0;
        for (long step = 0; step < layout.stepsPerEpoch(); step++) {
            long ofStep = 0;
            for (int lane = 0; lane < layout.lanes(); lane++) {
                long ofLane = layout.rowsOfStep(step, lane, lane + 1);
                assertThat(ofLane > 0).isEqualTo(lane < layout.activeLanes(step));
                ofStep += ofLane;
            }
            assertThat(layout.rowsOfStep(step, 0, layout.lanes())).isEqualTo(ofStep);
            all += ofStep;
        }
        assertThat(all).isEqualTo(rows);
    }

    @Test
    void everyBlockIsOfOneLane() {
        BatchLayout layout = BatchLayout.of(50_000, 300, 3);
        for (int lane = 0; lane < 3; lane++) {
            for (int index = 0; index < layout.blocksOf(lane); index++) {
                assertThat(layout.laneOfBlock(layout.firstBlock(lane) + index)).isEqualTo(lane);
            }
        }
        assertThat(layout.blockCount()).isGreaterThan(6);
    }
}
