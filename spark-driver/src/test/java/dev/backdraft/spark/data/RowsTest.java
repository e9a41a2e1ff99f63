package dev.backdraft.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import com.holdenkarau.spark.testing.JavaRDDComparisons;
import com.holdenkarau.spark.testing.SharedJavaSparkContext;
import dev.backdraft.data.Example;
import dev.backdraft.data.RowKey;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.spark.api.java.JavaRDD;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RowsTest extends SharedJavaSparkContext {
    @BeforeEach
    void start() {
        runBefore(); // its own hooks are JUnit 4's
    }

    @AfterAll
    static void stop() {
        SharedJavaSparkContext.runAfterClass();
    }

    @Test
    void aRowSurvivesItsBytes() {
        Example dense = RowBytes.decode(
                RowBytes.encode(Example.dense(new float[] {1, -2.5f, 0}, 3).withWeight(0.5f)));
        assertThat(dense.values()).containsExactly(1, -2.5f, 0);
        assertThat(dense.label()).isEqualTo(3);
        assertThat(dense.weight()).isEqualTo(0.5f);
        Example sparse = RowBytes.decode(RowBytes.encode(Example.sparse(new int[] {2, 9}, new float[] {1, 4}, -1)));
        assertThat(sparse.indices()).containsExactly(2, 9);
        assertThat(sparse.values()).containsExactly(1, 4);
    }

    @Test
    void theOrderOfRowsDoesNotDependOnPartitions() {
        List<Integer> numbers = List.of(5, 3, 3, 3, 8, 1, 9, 3, 7, 2, 2, 6);
        JavaRDD<Double> one = labels(jsc().parallelize(numbers, 1), 4);
        JavaRDD<Double> five = labels(jsc().parallelize(numbers, 5), 9);
        assertThat(JavaRDDComparisons.compareRDDWithOrder(one.coalesce(1), five.coalesce(1))
                        .isDefined())
                .as("a difference between %s and %s", one.collect(), five.collect())
                .isFalse();
    }

    @Test
    void copiesOfARowAreNotNeighbors() {
        List<Integer> threes = Collections.nCopies(200, 3);
        List<Integer> others = IntStream.range(100, 300).boxed().toList();
        List<Double> order = labels(jsc().parallelize(threes, 2).union(jsc().parallelize(others, 2)), 4)
                .collect();
        assertThat(order).hasSize(400);
        long inFirstHalf =
                order.subList(0, 200).stream().filter(label -> label == 3).count();
        assertThat(inFirstHalf).isBetween(70L, 130L);
    }

    private static JavaRDD<Double> labels(JavaRDD<Integer> numbers, int parts) {
        JavaRDD<Example> rows = numbers.map(n -> Example.dense(new float[] {n}, n));
        CanonicalRows sorted = CanonicalRows.of(rows, 1, parts);
        assertThat(sorted.counts()).hasSize(parts);
        return sorted.rows().map(bytes -> RowBytes.decode(bytes).label());
    }

    @Test
    void keyRangesAscendWithTheKeys() {
        KeyRanges ranges = new KeyRanges(7);
        List<RowKey> keys = IntStream.range(0, 1000)
                .mapToObj(n -> RowKey.of(1, Example.dense(new float[] {n}, n), n))
                .sorted()
                .toList();
        List<Integer> parts = keys.stream().map(ranges::getPartition).toList();
        assertThat(parts).isSorted().contains(0, 6).doesNotContain(7);
    }
}
