package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every form of the portable product has the bits of one chain of {@link Math#fma} for each element, in the order of k.
 */
class ChainsTest {
    private static final int BEFORE = 3; // entries before and after each matrix that nobody may touch
    private static final int AFTER = 5;

    /** Those of this JVM: the tests run with the Vector API. */
    static List<Chains> forms() {
        return List.of(
                new ScalarChains("for a test"), PortableChains.best(), new VectorChains(true), new VectorChains(false));
    }

    @ParameterizedTest
    @MethodSource("forms")
    void smallShapesHaveTheBitsOfTheLoop(Chains chains) {
        int[] sizes = {1, 2, 3, 5, 7, 8, 13, 16, 17, 33};
        for (int m : sizes) {
            for (int n : sizes) {
                for (int k : new int[] {1, 2, 4, 7, 33}) {
                    checkAll(chains, m, n, k);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void shapesOfSeveralBlocksHaveTheBitsOfTheLoop(Chains chains) {
        checkAll(chains, 301, 70, 801);
        checkAll(chains, 150, 1030, 5);
        checkAll(chains, 97, 1, 1203);
        checkAll(chains, 1, 97, 1203);
        checkAll(chains, 10, 64, 256);
        checkAll(chains, 257, 49, 35);
        checkAll(chains, 401, 19, 130);
        checkAll(chains, 101, 12, 35);
    }

    @ParameterizedTest
    @MethodSource("forms")
    void oneColumnHasTheBitsOfThatColumnInABatch(Chains chains) {
        SplitMix random = SplitMix.at(5, 0, 0, 0);
        Matrix a = matrix(61, 83, random, false);
        Matrix b = matrix(83, 29, random, false);
        Matrix batch = Matrix.zeros(61, 29);
        chains.multiply(a, Transpose.NO, b, Transpose.NO, false, batch);
        for (int j = 0; j < 29; j++) {
            Matrix one = Matrix.zeros(61, 1);
            Matrix column = new Matrix(b.values(), b.offset() + j * 83, 83, 1);
            chains.multiply(a, Transpose.NO, column, Transpose.NO, false, one);
            assertThat(one.values()).containsExactly(Arrays.copyOfRange(batch.values(), j * 61, (j + 1) * 61));
        }
    }

    @ParameterizedTest
    @MethodSource("forms")
    void threadsHaveTheirOwnBuffers(Chains chains) {
        boolean same = IntStream.range(0, 64).parallel().allMatch(i -> {
            SplitMix random = SplitMix.at(6, i, 0, 0);
            Matrix a = matrix(70, 40 + i, random, false);
            Matrix b = matrix(40 + i, 30, random, false);
            Matrix c = Matrix.zeros(70, 30);
            chains.multiply(a, Transpose.NO, b, Transpose.NO, false, c);
            return Arrays.equals(c.values(), loop(a, Transpose.NO, b, Transpose.NO, false, c));
        });
        assertThat(same).isTrue();
    }

    /** The program of a JVM with vectors of another width. */
    public static final class OtherWidth {
        private OtherWidth() {}

        public static void main(String[] arguments) {
            for (boolean manyRegisters : new boolean[] {false, true}) {
                Chains chains = new VectorChains(manyRegisters);
                new ChainsTest().smallShapesHaveTheBitsOfTheLoop(chains);
                new ChainsTest().shapesOfSeveralBlocksHaveTheBitsOfTheLoop(chains);
                System.out.println(chains.description());
            }
        }
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {16, 32})
    void vectorsOfOtherWidthsHaveTheBitsOfTheLoop(int bytes) throws IOException, InterruptedException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process process = new ProcessBuilder(
                        new File(System.getProperty("java.home"), "bin/java").getPath(),
                        "-XX:+IgnoreUnrecognizedVMOptions",
                        "-XX:MaxVectorSize=" + bytes,
                        "--add-modules=jdk.incubator.vector",
                        "-cp",
                        classPath,
                        OtherWidth.class.getName())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
        assertThat(output).contains(8 * bytes + " bits");
    }

    @Test
    void rowsAreAddedColumnByColumn() {
        SplitMix random = SplitMix.at(7, 0, 0, 0);
        Matrix y = matrix(37, 53, random, false);
        for (float beta : new float[] {0, 1}) {
            Matrix v = matrix(37, 1, random, false);
            float[] expected = v.values().clone();
            for (int i = 0; i < 37; i++) {
                float sum = beta == 0 ? 0 : expected[v.offset() + i];
                for (int j = 0; j < 53; j++) {
                    sum += y.get(i, j);
                }
                expected[v.offset() + i] = sum;
            }
            Blas.rowSums(new PortableProducts(PortableChains.best()), y, beta, v);
            assertThat(v.values()).containsExactly(expected);
        }
    }

    @Test
    void emulatedFusedMultiplyAddHasItsBits() {
        List<Float> special = new ArrayList<>(List.of(0f, -0f, 1f, -1f, Float.NaN, Float.MIN_VALUE, -Float.MIN_VALUE));
        special.addAll(List.of(Float.MAX_VALUE, -Float.MAX_VALUE, Float.MIN_NORMAL, Math.nextDown(Float.MIN_NORMAL)));
        special.addAll(List.of(Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1 + 0x1p-23f, 0x1p-75f, 0x1p63f));
        for (float a : special) {
            for (float b : special) {
                for (float c : special) {
                    checkFused(a, b, c);
                }
            }
        }
        SplitMix random = SplitMix.at(8, 0, 0, 0);
        for (int i = 0; i < 300_000; i++) {
            long bits = random.nextLong();
            float a = Float.intBitsToFloat((int) bits);
            float b = Float.intBitsToFloat((int) (bits >>> 32));
            checkFused(a, b, Float.intBitsToFloat((int) random.nextLong()));
            checkFused(a, b, -a * b); // cancels
            checkFused(a, b, Math.scalb(a * b, (int) (bits >>> 58) - 32)); // so near that bits of all of them count
            float half = Math.scalb(
                    1 + (bits & 0xffff) * 0x1p-16f, 12); // sums that lie halfway between two floats, but for a trace
            checkFused(half, half, Math.scalb(1f, (int) (bits >>> 61) - 20));
        }
    }

    private static void checkFused(float a, float b, float c) {
        float expected = Math.fma(a, b, c);
        float actual = FusedMultiplyAdd.emulated(a, b, c);
        if (Float.floatToIntBits(actual) != Float.floatToIntBits(expected)) {
            throw new AssertionError("fma(" + a + ", " + b + ", " + c + ") is " + expected + ", not " + actual);
        }
    }

    private static void checkAll(Chains chains, int m, int n, int k) {
        for (Transpose opA : Transpose.values()) {
            for (Transpose opB : Transpose.values()) {
                check(chains, opA, opB, m, n, k, false, false);
                check(chains, opA, opB, m, n, k, true, true);
            }
        }
    }

    static void check(
            Chains chains, Transpose opA, Transpose opB, int m, int n, int k, boolean adds, boolean withSpecials) {
        SplitMix random = SplitMix.at(m, n, k, adds ? 1 : 0);
        Matrix a = opA == Transpose.NO ? matrix(m, k, random, withSpecials) : matrix(k, m, random, withSpecials);
        Matrix b = opB == Transpose.NO ? matrix(k, n, random, withSpecials) : matrix(n, k, random, withSpecials);
        Matrix c = matrix(m, n, random, withSpecials);
        if (!adds) {
            c.set(m - 1, n - 1, Float.NaN); // is overwritten
        }
        float[] expected = loop(a, opA, b, opB, adds, c);

        chains.multiply(a, opA, b, opB, adds, c);

        if (!Arrays.equals(c.values(), expected)) {
            int at = Arrays.mismatch(c.values(), expected);
            throw new AssertionError(chains.description() + ": " + opA + " " + opB + " " + m + " x " + n + " x " + k
                    + (adds ? " added" : "") + ": entry " + (at - c.offset()) + " is " + c.values()[at] + ", not "
                    + expected[at]);
        }
    }

    private static float[] loop(Matrix a, Transpose opA, Matrix b, Transpose opB, boolean adds, Matrix c) {
        float[] result = c.values().clone();
        int k = opA.columns(a);
        for (int j = 0; j < c.columns(); j++) {
            for (int i = 0; i < c.rows(); i++) {
                float sum = adds ? c.get(i, j) : 0;
                for (int p = 0; p < k; p++) {
                    float fromA = opA == Transpose.NO ? a.get(i, p) : a.get(p, i);
                    float fromB = opB == Transpose.NO ? b.get(p, j) : b.get(j, p);
                    sum = Math.fma(fromA, fromB, sum);
                }
                result[c.offset() + i + j * c.rows()] = sum;
            }
        }
        return result;
    }

    private static Matrix matrix(int rows, int columns, SplitMix random, boolean withSpecials) {
        float[] values = new float[BEFORE + rows * columns + AFTER];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
            if (withSpecials) {
                long kind = random.nextLong() >>> 54;
                values[i] = kind == 0
                        ? Float.NaN
                        : kind == 1
                                ? Float.POSITIVE_INFINITY
                                : kind == 2
                                        ? Float.NEGATIVE_INFINITY
                                        : kind < 40 ? -0f : kind < 50 ? 1e-42f : values[i];
            }
        }
        return new Matrix(values, BEFORE, rows, columns);
    }
}
