package dev.backdraft.benchmarks.peer;

import dev.backdraft.data.EvenSplit;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.util.List;

/**
 * Rows by a formula, the same in every peer (python/rows.py has it too), so that no files are needed. With {@code u(i)} the i-th
 * number of a SplitMix64 sequence (Steele, Lea and Flood 2014), its upper 24 bits taken as a fraction of 1: feature j of row r is
 * {@code u(r d + j)}, uniform in [0, 1); its class is the k with the largest {@code Σⱼ (u(2⁴⁰ + k d + j) − ½)(xⱼ − ½)}, a
 * projection on fixed random directions.
 *
 * @param rows N
 * @param featureCount d
 * @param classes number of them
 * @param parts that the rows are dealt to, in runs
 */
public record SyntheticRows(int rows, int featureCount, int classes, int parts) implements ExampleSource {
    private static final long DIRECTIONS = 1L << 40;

    @Override
    public ExampleReader open(int part) {
        return new Reader(EvenSplit.first(rows, parts, part), EvenSplit.first(rows, parts, part + 1), directions());
    }

    @Override
    public List<String> featureNames() {
        return List.of();
    }

    @Override
    public String labelName() {
        return null;
    }

    /** Entry k d + j is entry j of direction k. */
    private double[] directions() {
        double[] directions = new double[classes * featureCount];
        for (int i = 0; i < directions.length; i++) {
            directions[i] = uniform(DIRECTIONS + i) - 0.5;
        }
        return directions;
    }

    /** u(i). */
    static float uniform(long i) {
        long z = (i + 1) * 0x9E3779B97F4A7C15L;
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        z ^= z >>> 31;
        return (z >>> 40) * 0x1p-24f;
    }

    /** One row. */
    Example row(int number, double[] directions) {
        float[] values = new float[featureCount];
        for (int j = 0; j < featureCount; j++) {
            values[j] = uniform((long) number * featureCount + j);
        }
        int best = 0;
        double most = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < classes; k++) {
            double score = 0;
            for (int j = 0; j < featureCount; j++) {
                score += directions[k * featureCount + j] * (values[j] - 0.5);
            }
            if (score > most) {
                most = score;
                best = k;
            }
        }
        return Example.dense(values, best);
    }

    private final class Reader implements ExampleReader {
        private final int behind;
        private final double[] directions;
        private int next;

        Reader(int first, int behind, double[] directions) {
            next = first;
            this.behind = behind;
            this.directions = directions;
        }

        @Override
        public Example read() {
            return next < behind ? row(next++, directions) : null;
        }

        @Override
        public String where() {
            return "row " + (next - 1);
        }

        @Override
        public void close() {}
    }
}
