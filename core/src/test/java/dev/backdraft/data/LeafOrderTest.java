package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class LeafOrderTest {
    private static final long SEED = 11;

    static Stream<List<Integer>> everyCut() {
        return BatchLayoutTest.everyCut();
    }

    /** The ranks of the rows of a step, leaf by leaf. */
    private static List<long[]> leaves(BatchLayout layout, LeafOrder order, int epoch, long step) {
        List<long[]> leaves = new ArrayList<>();
        for (int lane = 0; lane < layout.activeLanes(step); lane++) {
            order.find(epoch, step, lane);
            int index = order.block() - layout.firstBlock(lane);
            assertThat(index).isBetween(0, layout.blocksOf(lane) - 1); // a block of this lane
            long start = layout.blockStart(lane, index);
            int rows = layout.rowsOfBlock(lane, index);
            long[] ranks = new long[order.count()];
            for (int i = 0; i < ranks.length; i++) {
                int row = order.isWholeBlock() ? i : order.row(i);
                ranks[i] = row < rows ? start + row : -1; // of this block only
            }
            leaves.add(ranks);
        }
        return leaves;
    }

    @ParameterizedTest
    @MethodSource("everyCut")
    void everyRowComesOnceAnEpochAndEveryStepButTheLastIsAWholeBatch(List<Integer> cut) {
        BatchLayout layout = BatchLayoutTest.layout(cut);
        LeafOrder order = new LeafOrder(layout, SEED);
        int n = cut.get(0);
        int batch = Math.min(cut.get(1), n);
        for (int epoch = 1; epoch <= 2; epoch++) {
            int[] seen = new int[n];
            int left = n;
            for (long step = 0; step < layout.stepsPerEpoch(); step++) {
                int rows = 0;
                for (long[] leaf : leaves(layout, order, epoch, step)) {
                    assertThat(leaf.length).isBetween(1, layout.leafRows());
                    rows += leaf.length;
                    for (long rank : leaf) {
                        seen[(int) rank]++; // fails for a row outside its block
                    }
                }
                assertThat(rows).isEqualTo(Math.min(batch, left));
                left -= rows;
            }
            assertThat(Arrays.stream(seen).allMatch(count -> count == 1)).isTrue();
        }
    }

    @Test
    void theAnswerDoesNotDependOnWhatWasAskedBefore() {
        BatchLayout layout = BatchLayout.of(10_000, 48, 3);
        LeafOrder forward = new LeafOrder(layout, SEED);
        for (long step = layout.stepsPerEpoch() - 1; step >= 0; step -= 7) {
            List<long[]> fresh = leaves(layout, new LeafOrder(layout, SEED), 2, step);
            leaves(layout, forward, 1, step);
            assertThat(leaves(layout, forward, 2, step)).containsExactlyElementsOf(fresh);
        }
    }

    @Test
    void epochsAndSeedsAndLanesHaveOrdersOfTheirOwn() {
        BatchLayout layout = BatchLayout.of(20_000, 64, 2);
        List<long[]> first = leaves(layout, new LeafOrder(layout, SEED), 1, 0);
        List<long[]> otherEpoch = leaves(layout, new LeafOrder(layout, SEED), 2, 0);
        List<long[]> otherSeed = leaves(layout, new LeafOrder(layout, SEED + 1), 1, 0);
        assertThat(first.get(0)).isNotEqualTo(otherEpoch.get(0)).isNotEqualTo(otherSeed.get(0));
        long start = layout.laneStart(1);
        assertThat(first.get(0))
                .isNotEqualTo(
                        Arrays.stream(first.get(1)).map(rank -> rank - start).toArray());
    }

    @Test
    void everyRowIsAsOftenInTheFirstStepAsTheOthers() {
        BatchLayout layout = BatchLayout.of(8192, 1024, 1);
        LeafOrder order = new LeafOrder(layout, SEED);
        int epochs = 2000;
        int[] counts = new int[8192];
        for (int epoch = 1; epoch <= epochs; epoch++) {
            for (long rank : leaves(layout, order, epoch, 0).get(0)) {
                counts[(int) rank]++;
            }
        }
        double expected = epochs / 8.0;
        double deviation = Math.sqrt(epochs * (1 / 8.0) * (7 / 8.0));
        for (int count : counts) {
            assertThat((double) count).isBetween(expected - 6 * deviation, expected + 6 * deviation);
        }
    }

    @Test
    void aFullBatchIsInCanonicalOrderInEveryEpoch() {
        BatchLayout layout = BatchLayout.of(1000, BatchLayout.FULL_BATCH, 3);
        for (int epoch = 1; epoch <= 3; epoch++) {
            long rank = 0;
            for (long[] leaf : leaves(layout, new LeafOrder(layout, SEED), epoch, 0)) {
                for (long found : leaf) {
                    assertThat(found).isEqualTo(rank++);
                }
            }
            assertThat(rank).isEqualTo(1000);
        }
    }
}
