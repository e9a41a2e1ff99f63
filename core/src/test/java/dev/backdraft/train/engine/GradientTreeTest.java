package dev.backdraft.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.network.GradientSum;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientTreeTest {
    /** The sum of one lane: values of very different size, so that another order of adding gives other bits. */
    private static LaneSum lane(int lane) {
        GradientSum sum = new GradientSum(50);
        Random random = new Random(lane);
        for (int i = 0; i < 50; i++) {
            sum.gradient()[i] = (float) (random.nextGaussian() * Math.pow(10, random.nextInt(8)));
        }
        sum.losses().add(random.nextDouble(), 1, random.nextInt(2));
        return new LaneSum(lane, lane + 1, sum);
    }

    private static List<LaneSum> lanes(int from, int to) {
        List<LaneSum> nodes = new ArrayList<>();
        for (int lane = from; lane < to; lane++) {
            nodes.add(lane(lane));
        }
        return nodes;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 7, 8, 13, 64, 100})
    void combiningInAnyGroupsGivesTheBitsOfTheTree(int lanes) {
        float[] expected = GradientTree.merge(lanes, lanes(0, lanes)).gradient();
        Random random = new Random(lanes);
        for (int trial = 0; trial < 20; trial++) {
            List<LaneSum> nodes = lanes(0, lanes);
            Collections.shuffle(nodes, random);
            while (nodes.size() > 1) { // any few together, as executors might have them
                int count = Math.min(nodes.size(), 2 + random.nextInt(4));
                List<LaneSum> some = new ArrayList<>(nodes.subList(0, count));
                nodes.subList(0, count).clear();
                nodes.addAll(GradientTree.combine(lanes, some));
                Collections.shuffle(nodes, random);
            }
            assertThat(nodes.get(0).from()).isZero();
            assertThat(nodes.get(0).to()).isEqualTo(lanes);
            assertThat(nodes.get(0).sum().gradient()).isEqualTo(expected);
        }
    }

    @Test
    void combiningLeavesTheFewestNodesInTheirOrder() {
        List<LaneSum> nodes = lanes(3, 8);
        Collections.reverse(nodes);
        assertThat(GradientTree.combine(8, nodes))
                .extracting(node -> node.from() + "-" + node.to())
                .containsExactly("3-4", "4-8");
        assertThat(GradientTree.combine(8, List.of())).isEmpty();
    }

    @Test
    void mergingNamesALaneThatIsMissing() {
        assertThatThrownBy(() -> GradientTree.merge(4, lanes(0, 3)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("no sum covers lane 3");
        assertThatThrownBy(() -> new LaneSum(2, 2, new GradientSum(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("lanes [2, 2) are no node of a tree");
    }
}
