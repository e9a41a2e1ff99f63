package dev.backdraft.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The times of a step by hand: a million parameters are 4 MB, 1.6 ms of the network, and 150 us of a core for a row.
 */
class StepModelTest {
    private static final Offset<Double> EXACT = within(1e-9);
    private static final int ALL = Integer.MAX_VALUE;

    private static StepModel model(long rows, int lanes, int slots, int neighbors) {
        return new StepModel(1_000_000, rows, lanes, slots, neighbors);
    }

    @Test
    void workersDivideTheRowsButNoLane() {
        assertThat(model(256, 8, 2, 2).computeSeconds(1)).isCloseTo(256 * 150e-6 / 2, EXACT);
        assertThat(model(256, 8, 2, 2).computeSeconds(4)).isCloseTo(256 * 150e-6 / 8, EXACT);
        assertThat(model(256, 8, 2, 2).computeSeconds(100)).isCloseTo(256 * 150e-6 / 8, EXACT);
    }

    @Test
    void withoutForwardingTheDriverExchangesAVectorWithEachExecutor() {
        assertThat(model(1, 1, 1, ALL).networkSeconds(1)).isCloseTo(2 * 1.6e-3 + 0.2e-3, EXACT);
        assertThat(model(1, 1, 1, ALL).networkSeconds(10)).isCloseTo(20 * 1.6e-3 + 0.2e-3, EXACT);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 2, 0.2",
        "2, 4, 0.2",
        "3, 5, 0.4",
        "4, 6, 0.4",
        "5, 8, 0.6",
        "8, 9, 0.6",
        "10, 12, 0.8",
        "100, 30, 1.4"
    })
    void executorsThatForwardMakeTheNetworksPartGrowWithTheDepth(int executors, double vectors, double latencyMillis) {
        assertThat(model(1, 1, 1, 2).networkSeconds(executors))
                .isCloseTo(vectors * 1.6e-3 + latencyMillis * 1e-3, EXACT);
    }

    @Test
    void theBestNumberOfExecutorsGrowsWithTheRows() {
        assertThat(model(64, 64, 4, 2).best(10)).isEqualTo(1); // 2.4 + 3.4 ms; with 2: 1.2 + 6.6
        assertThat(model(512, 512, 4, 2).best(2)).isEqualTo(2); // 19.2 + 3.4 ms; with 2: 9.6 + 6.6
        assertThat(model(65_536, 512, 4, 2).best(10)).isEqualTo(10); // 2,458 ms; with 10: 245.8 + 20
    }

    @Test
    void rowsAreInBalanceWhenComputingTakesAsLongAsTheNetwork() {
        assertThat(model(1, 1, 4, 2).balancedRows(10)).isCloseTo(20e-3 * 40 / 150e-6, within(1e-3)); // 5,333
    }

    @Test
    void aPlanSaysWhatTheModelNeeds() {
        StepPlan tree = new StepPlan(StepPlan.Route.RESIDENT, 8, 64, 10, 8, 40, 1_000_000, 16_000_000, List.of());
        assertThat(StepModel.of(tree)).isEqualTo(new StepModel(1_000_000, 512, 8, 4, 2));
        StepPlan star = new StepPlan(StepPlan.Route.RESIDENT, 8, 64, 10, 8, 40, 1_000_000, 80_000_000, List.of());
        assertThat(StepModel.of(star)).isEqualTo(new StepModel(1_000_000, 512, 8, 4, ALL));
    }
}
