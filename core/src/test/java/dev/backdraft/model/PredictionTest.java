package dev.backdraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.sun.management.ThreadMXBean;
import dev.backdraft.activation.Relu;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.network.Network;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Prediction as a service does it: many threads, one model, arrays of its own. */
class PredictionTest {
    private static final int ROWS = 150; // more than a thread's scratch
    private static final int WIDE = 200; // 800 bytes a vector

    private static Model model() {
        Network network = Network.builder(6)
                .dense(16)
                .activation(new Relu())
                .residual(block -> block.dense(16).activation(new Relu()))
                .dense(3)
                .build();
        return new Model(
                network, new SoftmaxCrossEntropy(), Preprocessing.none(), network.initialParameters(5), Map.of());
    }

    private static float[] rows(int count) {
        SplitMix random = SplitMix.at(1, 2, 3, 4);
        float[] rows = new float[count * 6];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = (float) random.nextGaussian();
        }
        return rows;
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < doubles.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    @Test
    void floatsAndDoublesGiveTheSame() {
        Model model = model();
        float[] rows = rows(ROWS);
        float[] floats = new float[ROWS * 3];
        double[] doubles = new double[ROWS * 3];
        model.predict(rows, ROWS, floats);
        model.predict(doubles(rows), ROWS, doubles);
        assertThat(doubles).containsExactly(doubles(floats));
        float[] first = Arrays.copyOf(rows, 6);
        assertThat(model.predict(doubles(first))).containsExactly(doubles(model.predict(first)));
    }

    /** Threads of a pool live on; a model must not live as long as they do. */
    @Test
    void aModelThatNobodyHoldsIsFreedThoughThreadsHaveUsedIt() throws InterruptedException {
        Model model = model();
        model.predict(rows(ROWS), ROWS, new float[ROWS * 3]);
        model.predictClass(doubles(rows(1)));
        WeakReference<Model> held = new WeakReference<>(model);
        model = null;
        for (int i = 0; i < 50 && held.get() != null; i++) {
            System.gc();
            Thread.sleep(10);
        }
        assertThat(held.get()).isNull();
    }

    @Test
    void classesHaveTheLabelsThatTheirNamesAre() {
        assertThat(named("-1", "0.5", "3").classLabel(0)).isEqualTo(-1);
        assertThat(named("-1", "0.5", "3").classLabel(1)).isEqualTo(0.5);
        assertThat(named("1", "2", "x").classLabel(0)).isZero();
        assertThat(named("01", "02", "03").classLabel(2)).isEqualTo(2);
        assertThat(named("1", "2", "NaN").classLabel(2)).isEqualTo(2);
        assertThat(model().classLabel(2)).isEqualTo(2);
    }

    private static Model named(String... names) {
        Model plain = model();
        return new Model(
                plain.network(),
                plain.loss(),
                new Preprocessing(List.of(), null, List.of(names), null, null),
                plain.parameters(),
                Map.of());
    }

    /** Every vector of this model is longer than the limit; views of the parameters are shorter. */
    @Test
    void predictingIntoAnArrayAllocatesNoVector() {
        Network network = Network.builder(WIDE)
                .dense(WIDE)
                .activation(new Relu())
                .dense(WIDE)
                .build();
        Model model = new Model(
                network, new SoftmaxCrossEntropy(), Preprocessing.none(), network.initialParameters(5), Map.of());
        double[] rows = new double[64 * WIDE];
        Arrays.fill(rows, 0.5);
        float[] row = new float[WIDE];
        float[] one = new float[WIDE];
        assertAllocatesNoVector("single rows", () -> model.predict(row, 1, one));
        double[] many = new double[64 * WIDE];
        assertAllocatesNoVector("batches", () -> model.predict(rows, 64, many));
    }

    /** Once the compiler has seen it often: vectors of the Vector API are objects until then. */
    private static void assertAllocatesNoVector(String what, Runnable call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        long bytes = Long.MAX_VALUE;
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (bytes >= WIDE * Float.BYTES && System.nanoTime() < deadline) {
            long before = threads.getThreadAllocatedBytes(thread);
            for (int i = 0; i < 1000; i++) {
                call.run();
            }
            bytes = (threads.getThreadAllocatedBytes(thread) - before) / 1000;
        }
        assertThat(bytes).as("bytes of a call: %s", what).isLessThan(WIDE * Float.BYTES);
    }

    @Test
    void manyThreadsMayShareAModel() throws Exception {
        Model model = model();
        float[] rows = rows(ROWS);
        float[] expected = new float[ROWS * 3];
        model.predict(rows, ROWS, expected);
        ExecutorService pool = Executors.newFixedThreadPool(4);
        try {
            List<Future<float[]>> results = new ArrayList<>();
            for (int i = 0; i < 40; i++) {
                results.add(pool.submit(() -> {
                    float[] predictions = new float[ROWS * 3];
                    model.predict(rows, ROWS, predictions);
                    return predictions;
                }));
            }
            for (Future<float[]> result : results) {
                assertThat(result.get()).containsExactly(expected);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void anArrayOfTheWrongLengthIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model().predict(rows(2), 2, new float[5]))
                .withMessageContaining("has 5 entries, not 2 rows of 3");
    }
}
