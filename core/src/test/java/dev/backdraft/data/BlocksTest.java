package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Columns;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SparseMatrix;
import dev.backdraft.linalg.SplitMix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BlocksTest {
    private static final long SEED = 3;

    private static Blocks blocks(List<Example> rows, int batchSize, int lanes) {
        return Blocks.of(rows, 3, Preprocessing.none(), SEED, batchSize, lanes);
    }

    /** All numbers of all blocks in order: for each row its features, label and weight. */
    private static List<float[]> rowsOf(Blocks blocks) {
        List<float[]> rows = new ArrayList<>();
        for (Block block : blocks.blocks()) {
            rows.addAll(rowsOf(block, 3));
        }
        return rows;
    }

    private static List<float[]> rowsOf(Block block, int features) {
        Leaf leaf = new Leaf(features, block.rows(), true);
        leaf.load(block);
        if (leaf.x() instanceof Matrix x) {
            Arrays.fill(x.values(), Float.NaN); // which the next load overwrites
        }
        leaf.load(block);
        List<float[]> rows = new ArrayList<>();
        for (int j = 0; j < block.rows(); j++) {
            float[] row = Arrays.copyOf(
                    Arrays.copyOfRange(dense(leaf.x()).values(), j * features, (j + 1) * features), features + 2);
            row[features] = leaf.target().get(0, j);
            row[features + 1] = leaf.weights() == null ? 1 : leaf.weights()[j];
            rows.add(row);
        }
        return rows;
    }

    /** Rows with many zeros, some of them copies, all weights 1 or as given. */
    private static List<Example> someRows(int count, boolean weighted) {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] values = new float[3];
            for (int f = 0; f < 3; f++) {
                values[f] = random.nextInt(2) == 0 ? 0 : (float) random.nextGaussian();
            }
            Example row = Example.dense(values, random.nextInt(2));
            rows.add(weighted ? row.withWeight(1 + random.nextInt(3)) : row);
        }
        for (int i = 0; i < count / 10; i++) {
            rows.add(rows.get(random.nextInt(count)));
        }
        return rows;
    }

    private static Example sparse(Example row) {
        int[] indices = new int[3];
        float[] values = new float[3];
        int count = 0;
        for (int f = 0; f < 3; f++) {
            if (row.values()[f] != 0) {
                indices[count] = f;
                values[count++] = row.values()[f];
            }
        }
        return Example.sparse(Arrays.copyOf(indices, count), Arrays.copyOf(values, count), row.label())
                .withWeight(row.weight());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "48, 4", "100, 1", "5000, 3"})
    void canonicalOrderDoesNotDependOnTheOrderOfTheInput(int batchSize, int lanes) {
        List<Example> rows = someRows(2000, true);
        List<float[]> expected = rowsOf(blocks(rows, batchSize, lanes));
        Random random = new Random(5);
        for (int i = 0; i < 5; i++) {
            Collections.shuffle(rows, random);
            assertThat(rowsOf(blocks(rows, batchSize, lanes))).containsExactlyElementsOf(expected);
        }
    }

    @Test
    void canonicalOrderDependsOnTheSeed() {
        List<Example> rows = someRows(100, false);
        assertThat(rowsOf(Blocks.of(rows, 3, Preprocessing.none(), 1, 10, 1)))
                .isNotEqualTo(rowsOf(Blocks.of(rows, 3, Preprocessing.none(), 2, 10, 1)));
    }

    @Test
    void noRowIsLostOrMadeUp() {
        List<Example> rows = someRows(1000, true);
        List<String> given = new ArrayList<>();
        for (Example row : rows) {
            float[] values = Arrays.copyOf(row.values(), 5);
            values[3] = (float) row.label();
            values[4] = row.weight();
            given.add(Arrays.toString(values));
        }
        List<String> found =
                rowsOf(blocks(rows, 48, 2)).stream().map(Arrays::toString).toList();
        assertThat(found).containsExactlyInAnyOrderElementsOf(given);
    }

    @Test
    void canonicalOrderIsAShuffle() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 10_000; i++) {
            rows.add(Example.dense(new float[] {i, 0, 0}, i < 5000 ? 0 : 1)); // sorted by label, as files often are
        }
        List<float[]> sorted = rowsOf(blocks(rows, 100, 1));
        double firstHalf = 0;
        double neighbors = 0;
        for (int i = 0; i < 10_000; i++) {
            firstHalf += i < 5000 ? sorted.get(i)[3] : 0;
            neighbors += i > 0 && sorted.get(i)[3] == sorted.get(i - 1)[3] ? 1 : 0;
        }
        assertThat(firstHalf).isCloseTo(2500, within(5 * 25.0)); // hypergeometric, deviation 25
        assertThat(neighbors).isCloseTo(5000, within(5 * 50.0));
    }

    @Test
    void copiesOfARowAreScattered() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 4 * 5000; i++) {
            rows.add(Example.dense(new float[] {i % 4, 1, 2}, 0));
        }
        Blocks blocks = blocks(rows, 256, 1);
        assertThat(blocks.layout().blockRows()).isEqualTo(4096);
        for (Block block : blocks.blocks()) {
            TreeMap<Float, Integer> counts = new TreeMap<>();
            for (float[] row : rowsOf(block, 3)) {
                counts.merge(row[0], 1, Integer::sum);
            }
            assertThat(counts).hasSize(4);
            double share = block.rows() / 4.0;
            for (int count : counts.values()) {
                assertThat((double) count).isCloseTo(share, within(0.15 * share));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void sparseRowsGiveTheSameLeavesAsDenseOnes(boolean weighted) {
        List<Example> dense = someRows(3000, weighted);
        List<Example> sparse = new ArrayList<>();
        List<Example> mixed = new ArrayList<>();
        for (int i = 0; i < dense.size(); i++) {
            sparse.add(sparse(dense.get(i)));
            mixed.add(i % 2 == 0 ? dense.get(i) : sparse.get(i));
        }
        Blocks expected = blocks(dense, 64, 2);
        assertSameLeaves(blocks(sparse, 64, 2), expected);
        assertSameLeaves(blocks(mixed, 64, 2), expected);
    }

    @Test
    void sparseRowsAreStandardisedLikeDenseOnes() {
        Preprocessing scaling = new Preprocessing(
                List.of(),
                null,
                List.of(),
                new Standardizer(new double[] {1, 2, 3}, new double[] {2, 4, 8}),
                new Standardizer(new double[] {5}, new double[] {10}));
        List<Example> dense = List.of(Example.dense(new float[] {0, 6, 0}, 25));
        Blocks expected = Blocks.of(dense, 3, scaling, SEED, 1, 1);
        assertThat(rowsOf(expected)).containsExactly(new float[] {-0.5f, 1, -0.375f, 2, 1});
        assertSameLeaves(Blocks.of(List.of(sparse(dense.get(0))), 3, scaling, SEED, 1, 1), expected);
    }

    private static void assertSameLeaves(Blocks actual, Blocks expected) {
        BatchLayout layout = expected.layout();
        LeafOrder order = new LeafOrder(layout, SEED);
        Leaf actualLeaf = new Leaf(3, layout.leafRows(), true);
        Leaf expectedLeaf = new Leaf(3, layout.leafRows(), true);
        for (long step = 0; step < layout.stepsPerEpoch(); step++) {
            for (int lane = 0; lane < layout.activeLanes(step); lane++) {
                order.find(1, step, lane);
                actualLeaf.load(order, actual.blocks().get(order.block()));
                expectedLeaf.load(order, expected.blocks().get(order.block()));
                assertThat(dense(actualLeaf.x()).values())
                        .containsExactly(dense(expectedLeaf.x()).values());
                assertThat(actualLeaf.target().values())
                        .containsExactly(expectedLeaf.target().values());
                assertThat(actualLeaf.weights()).isEqualTo(expectedLeaf.weights());
            }
        }
    }

    @Test
    void weightsAreCarriedAndLeftOutWhenAllAreOne() {
        Leaf leaf = new Leaf(3, 2, true);
        List<Example> rows = List.of(
                Example.dense(new float[3], 0), Example.dense(new float[3], 1).withWeight(2.5f));
        leaf.load(Block.of(0, rows, 3, Preprocessing.none()));
        assertThat(leaf.weights()).containsExactly(1, 2.5f);

        leaf.load(Block.of(0, rows.subList(0, 1), 3, Preprocessing.none()));
        assertThat(leaf.weights()).isNull();
        assertThat(leaf.x().columns()).isEqualTo(1);
    }

    @Test
    void blocksAreNumberedInOrder() {
        Blocks blocks = blocks(someRows(1000, false), 24, 3);
        for (int i = 0; i < blocks.blocks().size(); i++) {
            assertThat(blocks.blocks().get(i).id()).isEqualTo(i);
        }
    }

    private static Matrix dense(Columns x) {
        Matrix dense = Matrix.zeros(x.rows(), x.columns());
        if (x instanceof SparseMatrix sparse) {
            sparse.copyTo(dense);
        } else {
            System.arraycopy(((Matrix) x).values(), 0, dense.values(), 0, dense.size());
        }
        return dense;
    }
}
