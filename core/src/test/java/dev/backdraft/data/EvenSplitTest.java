package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EvenSplitTest {
    @ParameterizedTest
    @CsvSource({"1, 1", "7, 3", "8, 3", "9, 3", "3, 7", "100, 64", "64, 64"})
    void runsFollowEachOtherAndDifferByOneAtMost(int items, int runs) {
        int item = 0;
        for (int run = 0; run < runs; run++) {
            assertThat(EvenSplit.first(items, runs, run)).isEqualTo(item);
            int end = EvenSplit.first(items, runs, run + 1);
            assertThat(end - item).isBetween(items / runs, (items + runs - 1) / runs);
            for (; item < end; item++) {
                assertThat(EvenSplit.runOf(items, runs, item)).isEqualTo(run);
            }
        }
        assertThat(item).isEqualTo(items);
    }

    @Test
    void manyItemsDoNotOverflow() {
        assertThat(EvenSplit.first(Integer.MAX_VALUE, 1000, 1000)).isEqualTo(Integer.MAX_VALUE);
        assertThat(EvenSplit.runOf(Integer.MAX_VALUE, 1000, Integer.MAX_VALUE - 1))
                .isEqualTo(999);
    }
}
