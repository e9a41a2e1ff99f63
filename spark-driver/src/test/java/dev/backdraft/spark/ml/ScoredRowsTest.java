package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.layer.Tanh;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.DataFrameRows;
import java.lang.management.ManagementFactory;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;

/** Blocks of wide rows. */
class ScoredRowsTest {
    private static final int WIDE = 262_144; // HashingTF's usual number of features
    private static final Network NETWORK = Network.perceptron(new Tanh(), WIDE, 3);
    private static final Model MODEL = new Model(
            NETWORK,
            new SoftmaxCrossEntropy(),
            new Preprocessing(List.of(), null, List.of(), null, null),
            NETWORK.initialParameters(1),
            Map.of());
    private static final DataFrameRows COLUMNS = DataFrameRows.of(
            new StructType().add("features", SQLDataTypes.VectorType()), List.of("features"), null, null);

    private static ScoredRows scored(Iterator<Row> rows) {
        return new ScoredRows(rows, COLUMNS, MODEL, 256, new ClassScores(3, true, true, true, null), "error");
    }

    private static long allocated() {
        return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    @Test
    void wideRowsComeInSmallerBlocks() {
        AtomicInteger taken = new AtomicInteger();
        Iterator<Row> rows = IntStream.range(0, 40)
                .mapToObj(i -> RowFactory.create(Vectors.sparse(WIDE, new int[] {i}, new double[] {1})))
                .peek(row -> taken.incrementAndGet())
                .iterator();
        ScoredRows scored = scored(rows);
        assertThat(scored.hasNext()).isTrue();
        assertThat(taken.get()).isLessThan(20); // 16 MB a block, and the stream reads ahead
        assertThat(scored).toIterable().hasSize(40);
    }

    @Test
    void anEmptyPartitionTakesNoMemory() {
        long before = allocated();
        assertThat(scored(Collections.emptyIterator()).hasNext()).isFalse();
        assertThat(allocated() - before).isLessThan(1 << 20);
    }
}
