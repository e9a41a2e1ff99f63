package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class BlasTest {
    private static final int BEFORE = 3; // entries in front of and behind each matrix that nobody may touch
    private static final int AFTER = 5;

    /** Those of this machine; a build on one without natives, or without the Vector API, has fewer. */
    static List<BlasBackend> backends() {
        List<BlasBackend> backends = new ArrayList<>();
        for (String name : List.of("native", "vector", "java", "portable")) {
            try {
                backends.add(BlasBackend.choose(name));
            } catch (IllegalStateException e) {
                assertThat(name).as(e.getMessage()).isNotIn("java", "portable"); // those are everywhere
            }
        }
        return backends;
    }

    static Stream<Arguments> backendsAndTransposes() {
        return backends().stream()
                .flatMap(backend -> Arrays.stream(Transpose.values()).map(op -> Arguments.of(backend, op)));
    }

    @ParameterizedTest
    @MethodSource("backendsAndTransposes")
    void productsAreThoseOfThreeLoopsForOddSizesAndAllTransposes(BlasBackend backend, Transpose opB) {
        int[] sizes = {0, 1, 2, 3, 7, 8, 17, 33};
        for (Transpose opA : Transpose.values()) {
            for (int m : sizes) {
                for (int n : sizes) {
                    for (int k : new int[] {1, 2, 3, 7, 8, 17, 33}) {
                        for (float beta : new float[] {0, 1, -0.5f}) {
                            checkProduct(backend, opA, opB, m, n, k, beta);
                        }
                    }
                }
            }
        }
    }

    private static void checkProduct(
            BlasBackend backend, Transpose opA, Transpose opB, int m, int n, int k, float beta) {
        SplitMix random = SplitMix.at(m, n, k, 0);
        Matrix a = opA == Transpose.NO ? random(m, k, random) : random(k, m, random);
        Matrix b = opB == Transpose.NO ? random(k, n, random) : random(n, k, random);
        Matrix c = random(m, n, random);
        float[] before = c.values().clone();

        Blas.gemm(backend.products(), a, opA, b, opB, beta, c);

        float[] expected = before.clone();
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                double sum = (double) beta * before[c.offset() + i + j * m];
                for (int p = 0; p < k; p++) {
                    float fromA = opA == Transpose.NO ? a.get(i, p) : a.get(p, i);
                    float fromB = opB == Transpose.NO ? b.get(p, j) : b.get(j, p);
                    sum += (double) fromA * fromB;
                }
                expected[c.offset() + i + j * m] = (float) sum;
            }
        }
        assertThat(c.values())
                .as("%s %s %s, m = %d, n = %d, k = %d, beta = %s", backend.name(), opA, opB, m, n, k, beta)
                .containsExactly(expected, within(1e-5f * (k + 1)));
        assertThat(Arrays.copyOf(c.values(), BEFORE)).containsExactly(Arrays.copyOf(before, BEFORE));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "5, 7, 3", "16, 32, 8", "33, 17, 65"})
    void betaZeroOverwritesWhateverWasThere(int m, int n, int k) {
        backends().forEach(backend -> betaZeroOverwrites(backend, m, n, k));
    }

    private static void betaZeroOverwrites(BlasBackend backend, int m, int n, int k) {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        Matrix a = random(m, k, random);
        Matrix b = random(k, n, random);
        for (float rubbish : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            Matrix c = Matrix.zeros(m, n);
            Arrays.fill(c.values(), rubbish);

            Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, c);

            for (float value : c.values()) {
                assertThat(value).isFinite();
            }
        }
    }

    @Test
    void aProductOverNothingIsZero() {
        Matrix c = Matrix.zeros(2, 3);
        Arrays.fill(c.values(), 5);

        Blas.gemm(Matrix.zeros(2, 0), Transpose.NO, Matrix.zeros(0, 3), Transpose.NO, 1, c);
        assertThat(c.values()).containsOnly(5);

        Blas.gemm(Matrix.zeros(2, 0), Transpose.NO, Matrix.zeros(0, 3), Transpose.NO, 0, c);
        assertThat(c.values()).containsOnly(0);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void nanInAFactorIsSeenInTheProduct(BlasBackend backend) {
        Matrix a = Matrix.zeros(2, 2);
        Matrix b = Matrix.zeros(2, 2);
        b.set(1, 1, Float.NaN);
        Matrix c = Matrix.zeros(2, 2);

        Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, c);

        assertThat(c.values()).containsExactly(0, 0, Float.NaN, Float.NaN);
    }

    @ParameterizedTest
    @MethodSource("backends")
    void theSameProductIsTheSameBits(BlasBackend backend) {
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        Matrix a = random(37, 53, random);
        Matrix b = random(53, 29, random);
        Matrix first = Matrix.zeros(37, 29);
        Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, first);
        for (int i = 0; i < 200; i++) { // across compilation by the JVM
            Matrix again = Matrix.zeros(37, 29);
            Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, again);
            assertThat(again.values()).isEqualTo(first.values());
        }
    }

    @ParameterizedTest
    @MethodSource("backends")
    void threadsThatMultiplyAtOnceDoNotDisturbEachOther(BlasBackend backend) {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        Matrix a = random(64, 96, random);
        Matrix b = random(96, 80, random);
        Matrix alone = Matrix.zeros(64, 80);
        Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, alone);

        boolean same = IntStream.range(0, 400).parallel().allMatch(i -> {
            Matrix c = Matrix.zeros(64, 80);
            Blas.gemm(backend.products(), a, Transpose.NO, b, Transpose.NO, 0, c);
            return Arrays.equals(c.values(), alone.values());
        });

        assertThat(same).isTrue();
    }

    @Test
    void theBackendIsOurOwnUnlessAnotherWasAskedFor() {
        assertThat(BlasBackend.choose("auto").name()).isEqualTo("portable");
        assertThat(BlasBackend.choose("java").description()).startsWith("plain Java");
        assertThatThrownBy(() -> BlasBackend.choose("mkl"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("backdraft.blas is 'mkl': use portable, native, vector, java or auto");
    }

    @Test
    void anotherBackendThanTheOneInUseIsRefused() {
        String before = System.getProperty("backdraft.blas");
        try {
            Blas.use(Blas.backend());
            Blas.use("auto");
            String other = Blas.backend().equals("java") ? "vector" : "java";
            assertThatThrownBy(() -> Blas.use(other))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("BLAS " + Blas.backend() + " is already in use");
            assertThatThrownBy(() -> Blas.use("mkl")).isInstanceOf(IllegalArgumentException.class);
        } finally {
            if (before == null) {
                System.clearProperty("backdraft.blas");
            } else {
                System.setProperty("backdraft.blas", before);
            }
        }
    }

    @Test
    void shapesThatDoNotFitAreNamed() {
        Matrix a = Matrix.zeros(2, 3);
        Matrix b = Matrix.zeros(4, 5);

        assertThatThrownBy(() -> Blas.gemm(a, Transpose.NO, b, Transpose.NO, 0, Matrix.zeros(2, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("gemm: [2 x 3]N times [4 x 5]N into [2 x 5]");
        assertThatThrownBy(() -> Blas.gemm(a, Transpose.YES, a, Transpose.NO, 0, Matrix.zeros(3, 2)))
                .hasMessage("gemm: [2 x 3]T times [2 x 3]N into [3 x 2]");
        assertThatThrownBy(() -> Blas.fillColumns(Matrix.zeros(3, 1), a)).hasMessageContaining("[3 x 1]");
        assertThatThrownBy(() -> Blas.rowSums(a, 0, Matrix.zeros(2, 2))).hasMessageContaining("[2 x 2]");
    }

    @ParameterizedTest
    @MethodSource("backends")
    void columnsAreFilledAndRowsAreSummed(BlasBackend backend) {
        Matrix y = new Matrix(new float[] {9, 1, 2, 3, 4, 9}, 1, 2, 2);
        Matrix v = new Matrix(new float[] {9, Float.NaN, 20, 9}, 1, 2, 1);

        Blas.rowSums(backend.products(), y, 0, v);
        assertThat(v.values()).containsExactly(9, 1 + 3, 2 + 4, 9);
        Blas.rowSums(backend.products(), y, 1, v);
        assertThat(v.values()).containsExactly(9, 2 * (1 + 3), 2 * (2 + 4), 9);
        Blas.rowSums(backend.products(), Matrix.zeros(2, 0), 1, v);
        assertThat(v.values()).containsExactly(9, 8, 12, 9);
        Blas.rowSums(backend.products(), Matrix.zeros(2, 0), 0, v);
        assertThat(v.values()).containsExactly(9, 0, 0, 9);

        Blas.fillColumns(new Matrix(new float[] {5, 6}, 0, 2, 1), y);
        assertThat(y.values()).containsExactly(9, 5, 6, 5, 6, 9);
    }

    @Test
    void viewsThatDoNotFitTheirArrayAreRefused() {
        assertThatThrownBy(() -> new Matrix(new float[6], 1, 2, 3)).hasMessageContaining("[2 x 3] from 1");
        assertThatThrownBy(() -> new Matrix(new float[6], 0, 1 << 16, 1 << 16)).hasMessageContaining("array of 6");
        assertThatThrownBy(() -> new Slice(new float[6], 4, 3)).hasMessageContaining("3 values from 4");
    }

    private static Matrix random(int rows, int columns, SplitMix random) {
        float[] values = new float[BEFORE + rows * columns + AFTER];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return new Matrix(values, BEFORE, rows, columns);
    }

    @Test
    void aSystemThatIsTooOldForOpenBlasIsNamedAsThat() {
        String loader =
                "/root/.javacpp/libjniopenblas_nolapack.so: /lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.34' not"
                        + " found (required by /root/.javacpp/libopenblas_nolapack.so.0)";
        assertThat(BlasBackend.reason(new UnsatisfiedLinkError(loader)))
                .isEqualTo("OpenBLAS needs glibc 2.34, and this system has an older one");
        assertThat(BlasBackend.reason(new UnsatisfiedLinkError("no file\nand more")))
                .isEqualTo("no file");
    }
}
