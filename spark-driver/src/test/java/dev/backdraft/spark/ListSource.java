package dev.backdraft.spark;

import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Rows made by a seeded function, dealt to parts: some may stay empty. Only the recipe travels to executors. */
public record ListSource(SerializableSupplier rows, int parts, long shuffleSeed) implements ExampleSource {
    /** A supplier that executors can call. */
    public interface SerializableSupplier extends Supplier<List<Example>>, Serializable {}

    @Override
    public ExampleReader open(int part) {
        List<Example> all = new ArrayList<>(rows.get());
        Collections.shuffle(all, new Random(shuffleSeed));
        List<Example> mine = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            if (parts == 1 || i % (parts - 1) == part) { // the last part stays empty
                mine.add(all.get(i));
            }
        }
        return new ExampleReader() {
            private int next;

            @Override
            public Example read() {
                return next < mine.size() ? mine.get(next++) : null;
            }

            @Override
            public String where() {
                return "row " + next;
            }

            @Override
            public void close() {
                // nothing to close
            }
        };
    }

    @Override
    public List<String> featureNames() {
        return List.of();
    }

    @Override
    public String labelName() {
        return null;
    }

    /** Rows of 5 features in 3 classes with weights, duplicates and, if asked for, sparse ones. */
    public static List<Example> threeClasses(int count, boolean sparse) {
        Random random = new Random(7);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = random.nextInt(3);
            float[] values = new float[5];
            for (int j = 0; j < values.length; j++) {
                values[j] = random.nextInt(3) == 0 ? 0 : (float) (random.nextGaussian() + (j == label ? 2 : 0));
            }
            Example row = sparse ? sparse(values, label) : Example.dense(values, label);
            row = i % 4 == 0 ? row.withWeight(1 + i % 3) : row;
            rows.add(i % 50 == 49 ? row.withWeight(0) : row);
            for (int copy = 0; copy < (i % 20 == 0 ? 3 : 0); copy++) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static Example sparse(float[] values, int label) {
        int[] indices =
                IntStream.range(0, values.length).filter(i -> values[i] != 0).toArray();
        float[] kept = new float[indices.length];
        for (int i = 0; i < kept.length; i++) {
            kept[i] = values[indices[i]];
        }
        return Example.sparse(indices, kept, label);
    }
}
