package dev.backdraft.train.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.train.engine.GradientTree;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How many vectors travel one after another: by hand, by a formula, and in the tables of docs/scaling.md. */
class StepTrafficTest {
    private static final int ALL = Integer.MAX_VALUE;

    /**
     * By hand. 3 executors, 2 neighbors: parameters are there at 2, forwarded at 3; the forwarded one's sum is back at
     * 4 and at the driver at 5.
     */
    @ParameterizedTest
    @CsvSource({
        "1, 2, 2, 0",
        "2, 2, 4, 0",
        "2, 1, 4, 1", // down 1, on 1, and back
        "3, 2, 5, 1",
        "4, 2, 6, 1",
        "5, 2, 8, 2",
        "7, 2, 8, 2", // trees of 4 and 3: the smaller one's sum comes first
        "8, 2, 9, 2",
        "10, 2, 12, 3", // trees of 8 and 2
        "10, 2147483647, 20, 0"
    })
    void theLongestPathByHand(int executors, int neighbors, int vectors, int depth) {
        StepTraffic traffic = new StepTraffic(executors, neighbors);
        assertThat(traffic.vectors()).isEqualTo(vectors);
        assertThat(traffic.depth()).isEqualTo(depth);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8})
    void treesOfOneSizeFollowTheFormulaAndOthersTakeNoLonger(int neighbors) {
        for (int executors = neighbors; executors <= 1024; executors++) {
            StepTraffic traffic = new StepTraffic(executors, neighbors);
            int d = traffic.depth();
            int formula = 2 * neighbors + d * (d + 3) / 2;
            if (executors == neighbors << d) {
                assertThat(traffic.vectors()).as("%d executors", executors).isEqualTo(formula);
            } else {
                assertThat(traffic.vectors()).as("%d executors", executors).isLessThanOrEqualTo(formula);
            }
        }
    }

    @Test
    void treesAreThoseOfTheGradientTree() {
        for (int executors = 1; executors <= 200; executors++) {
            for (int neighbors : new int[] {1, 2, 3, 5, 8, 100}) {
                if (neighbors >= executors) {
                    assertThat(new StepTraffic(executors, neighbors).trees())
                            .hasSize(executors)
                            .containsOnly(1);
                    continue;
                }
                int[] firsts = GradientTree.divide(executors, neighbors);
                List<Integer> sizes = new ArrayList<>();
                for (int i = 0; i < firsts.length; i++) {
                    sizes.add((i + 1 < firsts.length ? firsts[i + 1] : executors) - firsts[i]);
                }
                assertThat(new StepTraffic(executors, neighbors).trees()).isEqualTo(sizes);
            }
        }
    }

    @Test
    void secondsAreThoseOfVectorsAndOfTheLatencyOnTheLongestWay() {
        assertThat(new StepTraffic(8, 2).seconds(4e6, 1e9, 1e-4)).isCloseTo(9 * 4e-3 + 6e-4, within(1e-12));
        assertThat(new StepTraffic(8, ALL).seconds(4e6, 1e9, 1e-4)).isCloseTo(16 * 4e-3 + 2e-4, within(1e-12));
    }

    @Test
    void thereIsAnExecutorAndANeighbor() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StepTraffic(0, 2))
                .withMessageContaining("not 0 and 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new StepTraffic(2, 0))
                .withMessageContaining("not 2 and 0");
    }

    /** The tables of docs/scaling.md are those of the model. When it changes, the message has the new lines. */
    @ParameterizedTest
    @CsvSource({"1", "10"})
    void thePageHasTheTable(double gigabits) throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "scaling.md"))).contains(table(gigabits));
    }

    @Test
    void thePageHasTheVectors() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (int fanOut : new int[] {2, 4, 8, ALL}) {
            lines.append(fanOut == ALL ? "| all |" : "| " + fanOut + " |");
            for (int executors : new int[] {2, 4, 10, 30, 100, 300, 1000}) {
                lines.append(' ')
                        .append(new StepTraffic(executors, fanOut).vectors())
                        .append(" |");
            }
            lines.append('\n');
        }
        assertThat(Files.readString(Path.of("..", "docs", "scaling.md"))).contains(lines);
    }

    /** Milliseconds with the tree and when the driver talks to all, of these numbers of executors and of parameters. */
    private static String table(double gigabits) {
        StringBuilder lines = new StringBuilder();
        for (int power = 5; power <= 8; power++) {
            lines.append("| 10").append("⁵⁶⁷⁸".charAt(power - 5)).append(" |");
            for (int executors : new int[] {2, 10, 100, 1000}) {
                String tree = millis(executors, 2, power, gigabits);
                String star = millis(executors, ALL, power, gigabits);
                lines.append(' ')
                        .append(executors == 2 ? tree : tree + " / " + star)
                        .append(" |");
            }
            lines.append('\n');
        }
        return lines.toString();
    }

    /** With two significant digits. */
    private static String millis(int executors, int fanOut, int power, double gigabits) {
        double seconds =
                new StepTraffic(executors, fanOut).seconds(4 * Math.pow(10, power), 0.94 * gigabits * 1e9 / 8, 2e-4);
        double millis = 1e3 * seconds;
        double unit = Math.pow(10, Math.floor(Math.log10(millis)) - 1);
        return String.format(Locale.ROOT, millis < 10 ? "%.1f" : "%,.0f", Math.round(millis / unit) * unit);
    }
}
