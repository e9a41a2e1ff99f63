package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SparseMatrix;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Sparse batches give the bits of dense ones: outputs, losses, gradients, and sums of gradients in any order of use.
 */
class SparseInputTest {
    private static final int FEATURES = 500;
    private static final int ROWS = 9;

    static Stream<Network> networks() {
        return Stream.of(
                Network.builder(FEATURES)
                        .dense(8)
                        .activation(new Relu())
                        .dense(3)
                        .build(),
                Network.builder(FEATURES).dense(3).build(),
                Network.builder(FEATURES)
                        .batchNorm()
                        .dense(4)
                        .activation(new Tanh())
                        .dense(3)
                        .build(),
                Network.builder(FEATURES).dropout(0.3).dense(3).build());
    }

    /** With the portable backend, in a JVM of its own: there, sparse batches are taken as they are. */
    public static final class Portable {
        private Portable() {}

        public static void main(String[] arguments) {
            Blas.use("portable");
            networks().forEach(SparseInputTest::checkGradientsAndSums);
            System.out.println("checked " + Blas.sparseIsExact());
        }
    }

    @Test
    void portableProductsTakeThemAsTheyAre() throws Exception {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Portable.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("checked true");
        assertThat(process.waitFor()).isZero();
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradientsAndSumsAreThoseOfDenseBatches(Network network) {
        checkGradientsAndSums(network);
    }

    private static void checkGradientsAndSums(Network network) {
        Backpropagation ofSparse = new Backpropagation(network, new SoftmaxCrossEntropy(), ROWS);
        Backpropagation ofDense = new Backpropagation(network, new SoftmaxCrossEntropy(), ROWS);
        float[] parameters = network.initialParameters(3);
        List<GradientSum> sparseSums = sums(network);
        List<GradientSum> denseSums = sums(network);
        for (int use = 0; use < 3; use++) { // sums are used again, whatever they hold
            for (int i = 0; i < sparseSums.size(); i++) {
                int stored = use == 1 && i == 0 ? 200 : 20; // the first is too full to be taken as it is
                SparseMatrix batch = batch(SplitMix.at(4, use, i, 0), stored);
                Matrix dense = Matrix.zeros(FEATURES, ROWS);
                batch.copyTo(dense);
                assertThat(ofSparse.forward(parameters, batch).values())
                        .containsExactly(ofDense.forward(parameters, dense).values());
                ofSparse.gradient(parameters, batch, target(i), null, streams(), sparseSums.get(i));
                ofDense.gradient(parameters, dense, target(i), null, streams(), denseSums.get(i));
                assertSame(sparseSums.get(i), denseSums.get(i));
            }
            add(sparseSums);
            add(denseSums);
            assertSame(sparseSums.get(0), denseSums.get(0));
        }
    }

    private static List<GradientSum> sums(Network network) {
        List<GradientSum> sums = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            sums.add(new GradientSum(network.length()));
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

    private static void assertSame(GradientSum sparse, GradientSum dense) {
        assertThat(sparse.gradient()).containsExactly(dense.gradient());
        assertThat(sparse.losses().loss()).isEqualTo(dense.losses().loss());
    }

    private static SparseMatrix batch(SplitMix random, int stored) {
        SparseMatrix batch = new SparseMatrix(FEATURES);
        for (int j = 0; j < ROWS; j++) {
            int[] indices = new int[FEATURES];
            float[] values = new float[FEATURES];
            int count = 0;
            for (int i = 0; i < FEATURES; i++) {
                if (random.nextDouble() * FEATURES < stored) {
                    indices[count] = i;
                    values[count] = (float) random.nextGaussian();
                    count++;
                }
            }
            batch.addColumn(indices, values, 0, count);
        }
        return batch;
    }

    private static Matrix target(int from) {
        Matrix target = Matrix.zeros(1, ROWS);
        for (int j = 0; j < ROWS; j++) {
            target.set(0, j, (from + j) % 3);
        }
        return target;
    }

    private static long[] streams() {
        long[] streams = new long[ROWS];
        for (int j = 0; j < ROWS; j++) {
            streams[j] = j;
        }
        return streams;
    }
}
