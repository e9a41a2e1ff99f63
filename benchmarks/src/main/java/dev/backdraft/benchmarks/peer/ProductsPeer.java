package dev.backdraft.benchmarks.peer;

import static dev.backdraft.linalg.Transpose.NO;
import static dev.backdraft.linalg.Transpose.YES;

import dev.backdraft.data.BatchLayout;
import dev.backdraft.linalg.Blas;
import dev.backdraft.linalg.Matrix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The matrix products of a training and nothing else, by {@code --threads}: for each leaf y = W x, dW = dy x' and, but in the
 * first layer, dx = W' dy of every layer, in the shapes of the leaves of Backdraft's own layout and by its own BLAS. Threads never
 * wait for each other, and each works on the same few matrices again and again: what a training cannot be faster than.
 */
public final class ProductsPeer {
    private ProductsPeer() {}

    public static void main(String[] words) throws InterruptedException, ExecutionException {
        PeerOptions options = PeerOptions.of(words);
        run(options.task(), options.threads, options.figure, Requests.standard());
    }

    static void run(TrainingTask task, int threads, String figure, Requests requests)
            throws InterruptedException, ExecutionException {
        int leafRows =
                BatchLayout.of(task.rows(), task.batchSize(), task.lanes()).leafRows();
        List<Products> products = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            products.add(new Products(task.layers(), leafRows));
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            for (Requests.Request request = requests.next(); request != null; request = requests.next()) {
                rate(pool, products, request.warmupSeconds());
                double leaves = rate(pool, products, request.seconds());
                requests.answer(
                        Map.of(figure, leaves * leafRows),
                        Map.of("blas", Blas.backend(), "rows a leaf", Integer.toString(leafRows)));
            }
        } finally {
            pool.shutdownNow();
        }
    }

    /** Leaves a second, all threads together. */
    private static double rate(ExecutorService pool, List<Products> products, double seconds)
            throws InterruptedException, ExecutionException {
        long end = System.nanoTime() + (long) (seconds * 1e9);
        List<Future<Double>> rates = new ArrayList<>();
        for (Products each : products) {
            rates.add(pool.submit(() -> each.rate(end)));
        }
        double sum = 0;
        for (Future<Double> rate : rates) {
            sum += rate.get();
        }
        return sum;
    }

    /** The matrices of one thread. */
    private static final class Products {
        private final List<Matrix> weights = new ArrayList<>();
        private final List<Matrix> dWeights = new ArrayList<>();
        private final List<Matrix> values = new ArrayList<>(); // of the input, and behind each layer
        private final List<Matrix> dValues = new ArrayList<>();

        Products(List<Integer> layers, int rows) {
            for (int i = 0; i < layers.size(); i++) {
                values.add(filled(layers.get(i), rows));
                dValues.add(filled(layers.get(i), rows));
                if (i > 0) {
                    weights.add(filled(layers.get(i), layers.get(i - 1)));
                    dWeights.add(filled(layers.get(i), layers.get(i - 1)));
                }
            }
        }

        private static Matrix filled(int rows, int columns) {
            Matrix matrix = Matrix.zeros(rows, columns);
            for (int i = 0; i < matrix.values().length; i++) {
                matrix.values()[i] = 0.1f * (SyntheticRows.uniform(i) - 0.5f);
            }
            return matrix;
        }

        /** Leaves a second until that time; at least one. */
        double rate(long end) {
            long start = System.nanoTime();
            long leaves = 0;
            long now;
            do {
                leaf();
                leaves++;
                now = System.nanoTime();
            } while (now < end);
            return leaves * 1e9 / (now - start);
        }

        private void leaf() {
            int count = weights.size();
            for (int i = 0; i < count; i++) {
                Blas.gemm(weights.get(i), NO, values.get(i), NO, 0, values.get(i + 1));
            }
            for (int i = count - 1; i >= 0; i--) {
                Blas.gemm(dValues.get(i + 1), NO, values.get(i), YES, 0, dWeights.get(i));
                if (i > 0) {
                    Blas.gemm(weights.get(i), YES, dValues.get(i + 1), NO, 0, dValues.get(i));
                }
            }
        }
    }
}
