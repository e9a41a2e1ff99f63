package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.layer.Codes;
import dev.backdraft.layer.Embedding;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SparseMatrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.OptimizerState;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * An embedding is a dense layer on one-hot vectors: outputs, gradients, and sums of gradients in any order of use. The
 * two networks have the same flat vector, so whole gradients are compared.
 */
class EmbeddingTest {
    private static final int FEW = 6; // values of column 1
    private static final int MANY = 300; // values of column 2
    private static final int ROWS = 9;

    /** Columns 0 and 3 are numbers. */
    private static final Network CODES = Network.builder(4)
            .embedding(new Codes(1, FEW, 2), new Codes(2, MANY, 4))
            .dense(5)
            .activation(new Tanh())
            .dense(3)
            .build();

    private static final Network ONE_HOT = oneHot();

    private static Network oneHot() {
        NetworkBuilder builder = Network.builder(2 + FEW + MANY);
        builder.select(0);
        builder.from(Network.INPUT).select(range(1, FEW)).dense(2, false);
        int few = builder.last();
        builder.from(Network.INPUT).select(range(1 + FEW, MANY)).dense(4, false);
        int many = builder.last();
        builder.from(Network.INPUT).select(1 + FEW + MANY);
        return builder.from(0, few, many, builder.last())
                .dense(5)
                .activation(new Tanh())
                .dense(3)
                .build();
    }

    private static int[] range(int from, int count) {
        int[] range = new int[count];
        Arrays.setAll(range, i -> from + i);
        return range;
    }

    /** Products that sum in order give the same bits; the backend of this JVM may sum in another order. */
    public static final class Portable {
        private Portable() {}

        public static void main(String[] arguments) {
            Blas.use("portable");
            checkEverything(0);
            System.out.println("checked bit for bit");
        }
    }

    @Test
    void itIsOneHotTimesDenseBitForBit() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Portable.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("checked bit for bit");
        assertThat(process.waitFor()).isZero();
    }

    @Test
    void itIsOneHotTimesDense() {
        checkEverything(1e-5f);
    }

    /** Three updates, each by the sum of four batches. */
    private static void checkEverything(float tolerance) {
        float[] ofCodes = CODES.initialParameters(3);
        float[] ofOneHot = ofCodes.clone();
        Adam adam = new Adam();
        OptimizerState codesState = adam.initialState(ofCodes.length);
        OptimizerState oneHotState = adam.initialState(ofCodes.length);
        Backpropagation codes = new Backpropagation(CODES, new SoftmaxCrossEntropy(), ROWS);
        Backpropagation oneHot = new Backpropagation(ONE_HOT, new SoftmaxCrossEntropy(), ROWS);
        List<GradientSum> codesSums = sums();
        List<GradientSum> oneHotSums = sums();
        for (int update = 0; update < 3; update++) { // sums are used again, whatever they hold
            for (int i = 0; i < codesSums.size(); i++) {
                Matrix batch = batch(update, i);
                Matrix expanded = expand(batch);
                assertSame(
                        codes.forward(ofCodes, batch).values(),
                        oneHot.forward(ofOneHot, expanded).values(),
                        tolerance);
                codes.gradient(ofCodes, batch, target(i), null, null, codesSums.get(i));
                oneHot.gradient(ofOneHot, expanded, target(i), null, null, oneHotSums.get(i));
                assertSame(codesSums.get(i).gradient(), oneHotSums.get(i).gradient(), tolerance);
            }
            add(codesSums);
            add(oneHotSums);
            float[] mean = new float[ofCodes.length];
            codesSums.get(0).meanGradient(mean);
            adam.step(codesState, 0.01, mean, ofCodes);
            oneHotSums.get(0).meanGradient(mean);
            adam.step(oneHotState, 0.01, mean, ofOneHot);
            assertSame(ofCodes, ofOneHot, tolerance);
        }
    }

    private static void assertSame(float[] actual, float[] expected, float tolerance) {
        if (tolerance == 0) {
            assertThat(actual).containsExactly(expected);
        } else {
            assertThat(actual).containsExactly(expected, within(tolerance));
        }
    }

    private static List<GradientSum> sums() {
        List<GradientSum> sums = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sums.add(new GradientSum(CODES.length()));
        }
        return sums;
    }

    /** As the tree of lanes adds: siblings first, and some of them range by range. */
    private static void add(List<GradientSum> sums) {
        sums.get(0).add(sums.get(1));
        sums.get(2).add(sums.get(3));
        sums.get(0).addLosses(sums.get(2));
        int length = sums.get(0).gradient().length;
        for (int from = 0; from < length; from += 37) {
            sums.get(0).addEntries(sums.get(2), from, Math.min(length, from + 37));
        }
    }

    private static Matrix batch(int update, int number) {
        SplitMix random = SplitMix.at(4, update, number, 0);
        Matrix batch = Matrix.zeros(4, ROWS);
        for (int n = 0; n < ROWS; n++) {
            batch.set(0, n, (float) random.nextGaussian());
            batch.set(1, n, random.nextInt(FEW));
            batch.set(2, n, random.nextInt(MANY));
            batch.set(3, n, (float) random.nextGaussian());
        }
        return batch;
    }

    private static Matrix expand(Matrix batch) {
        Matrix expanded = Matrix.zeros(ONE_HOT.inputSize(), ROWS);
        for (int n = 0; n < ROWS; n++) {
            expanded.set(0, n, batch.get(0, n));
            expanded.set(1 + (int) batch.get(1, n), n, 1);
            expanded.set(1 + FEW + (int) batch.get(2, n), n, 1);
            expanded.set(1 + FEW + MANY, n, batch.get(3, n));
        }
        return expanded;
    }

    private static Matrix target(int from) {
        Matrix target = Matrix.zeros(1, ROWS);
        for (int n = 0; n < ROWS; n++) {
            target.set(0, n, (from + n) % 3);
        }
        return target;
    }

    @Test
    void sparseRowsGiveTheBitsOfDenseOnes() {
        Network network = Network.builder(40)
                .embedding(new Codes(7, 3, 2))
                .dense(2)
                .activation(new Tanh())
                .dense(3)
                .build();
        SparseMatrix sparse = new SparseMatrix(40);
        for (int n = 0; n < ROWS; n++) {
            int[] indices = n % 3 == 0 ? new int[] {n} : new int[] {n % 7, 7}; // what is missing is code 0
            sparse.addColumn(indices, new float[] {n % 7 == 0 ? 0 : 0.5f, n % 3}, 0, indices.length);
        }
        Matrix dense = Matrix.zeros(40, ROWS);
        sparse.copyTo(dense);
        float[] parameters = network.initialParameters(1);
        Backpropagation backpropagation = new Backpropagation(network, new SoftmaxCrossEntropy(), ROWS);
        GradientSum ofSparse = new GradientSum(network.length());
        GradientSum ofDense = new GradientSum(network.length());
        backpropagation.gradient(parameters, sparse, target(0), null, null, ofSparse);
        backpropagation.gradient(parameters, dense, target(0), null, null, ofDense);
        assertThat(ofSparse.gradient()).containsExactly(ofDense.gradient());
    }

    @Test
    void onlyTheVectorsOfABatchAreTouched() {
        Embedding embedding = (Embedding) CODES.layers().get(0);
        assertThat(embedding.columnHeight()).isEqualTo(2);
        List<Integer> touched = new ArrayList<>();
        embedding.touchedColumns(new Matrix(new float[] {9, 1, 299, 9}, 0, 4, 1), touched::add);
        assertThat(touched).containsExactly(1, FEW + 2 * 299, FEW + 2 * 299 + 1);
    }

    @Test
    void aNumberThatIsNoCodeIsRefused() {
        Backpropagation backpropagation = new Backpropagation(CODES, new SoftmaxCrossEntropy(), 1);
        float[] parameters = CODES.initialParameters(1);
        for (float value : new float[] {6, -1, 0.5f, Float.NaN, 1e10f}) {
            Matrix batch = new Matrix(new float[] {0, value, 0, 0}, 0, 4, 1);
            assertThatThrownBy(() -> backpropagation.forward(parameters, batch))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "column 1 of an embedding holds " + value + ", but must hold codes, whole numbers from 0"
                                    + " to 5: number the categories of the column, or give the embedding more \"values\"");
        }
    }

    @Test
    void theColumnsOfCodesAreFoundThroughSelections() {
        assertThat(CODES.codeColumns()).containsExactly(1, 2);
        assertThat(ONE_HOT.codeColumns()).isEmpty();
        NetworkBuilder builder = Network.builder(5).select(4, 2, 0);
        builder.from(Network.INPUT, 0, Network.INPUT)
                .add(size -> new Embedding(size, List.of(new Codes(1, 2, 1), new Codes(6, 2, 1), new Codes(12, 2, 1))));
        assertThat(builder.build().codeColumns()).containsExactly(1, 2, 4);
        assertThat(Network.builder(3).dense(2).embedding(new Codes()).build().codeColumns())
                .as("of what is computed")
                .isEmpty();
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new Embedding(2, List.of())).hasMessageContaining("at least one column of \"codes\"");
        assertThatThrownBy(() -> new Embedding(2, List.of(new Codes(2, 3, 4))))
                .hasMessageContaining("ascending columns from 0 to 1, but after column -1 there is 2");
        assertThatThrownBy(() -> new Embedding(2, List.of(new Codes(1, 3, 4), new Codes(1, 3, 4))))
                .hasMessageContaining("after column 1 there is 1");
        assertThatThrownBy(() -> new Embedding(2, Arrays.asList(new Codes(0, 3, 4), null)))
                .hasMessageContaining("there is none");
        assertThatThrownBy(() -> new Codes(-1, 3, 4)).hasMessageContaining("column of codes must be at least 0: -1");
        assertThatThrownBy(() -> new Codes(1, 0, 4)).hasMessageContaining("values of column 1 must be at least 1: 0");
        assertThatThrownBy(() -> new Codes(1, 1 << 20, 1 << 20))
                .hasMessageContaining("has 1,099,511,627,776 parameters");
    }
}
