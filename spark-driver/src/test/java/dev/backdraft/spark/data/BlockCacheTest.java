package dev.backdraft.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Block;
import dev.backdraft.data.EvenSplit;
import dev.backdraft.spark.engine.Fits;
import dev.backdraft.train.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.Partition;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.rdd.RDD;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("slow")
class BlockCacheTest {
    /** Looks blocks up in a task, in an order that goes back and forth; returns what is wrong. */
    private static List<String> look(JavaSparkContext spark, StorageLevel level, boolean expectHeld) {
        Fit fit =
                Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 2, 2)); // two lanes, several blocks each
        BlockSet set = Fits.blocks(spark, Fits.MANY_ROWS, fit, false);
        set.stored().rdd().unpersist(true);
        set.stored().rdd().persist(level);
        assertThat(set.layout().blocksOf(0)).isGreaterThan(2);
        return set.runs()
                .toJavaRDD()
                .mapPartitions(nothing -> wrong(set, expectHeld).iterator())
                .collect();
    }

    private static List<String> wrong(BlockSet set, boolean expectHeld) {
        List<String> wrong = new ArrayList<>();
        BlockCache cache = new BlockCache(set.layout());
        TaskContext context = TaskContext.get();
        BlockReader reader = new BlockReader(set.stored(), context);
        int count = set.layout().blockCount();
        Random random = new Random(context.partitionId());
        for (int look = 0; look < 40; look++) {
            int number = random.nextInt(count);
            if (cache.get(number, reader).id() != number) {
                wrong.add("block " + cache.get(number, reader).id() + " for " + number);
            }
            if (look == 20) {
                for (int part = 0; part < set.parts(); part++) {
                    cache.hold(set, part, context);
                }
            }
        }
        for (int number = 0; number < count; number++) {
            if (cache.isHeld(number) != expectHeld) {
                wrong.add("block " + number + " is held: " + !expectHeld);
            }
        }
        return wrong;
    }

    @Test
    void anyBlockIsFoundWhereverItIsStored() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            assertThat(look(spark, StorageLevel.MEMORY_AND_DISK(), true)).isEmpty();
            assertThat(look(spark, StorageLevel.DISK_ONLY(), false)).isEmpty();
            assertThat(look(spark, StorageLevel.NONE(), false)).isEmpty();
        }
    }

    /** With a local master, the tasks of a session share the RDD of the driver. */
    @Test
    void tasksThatShareAnRddDoNotShareItsReaders() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 2, 2));
            ARRIVED.set(0);
            shared = Fits.blocks(spark, Fits.MANY_ROWS, fit, false).stored().rdd();
            List<Long> wrong = spark.parallelize(List.of(0, 1), 2)
                    .map(task -> readAgainAndAgain(shared, TaskContext.get()))
                    .collect();
            assertThat(wrong).containsOnly(0L);
        } finally {
            shared = null;
        }
    }

    private static final AtomicInteger ARRIVED = new AtomicInteger();
    private static RDD<Block> shared; // not serialized with a task

    /** Both tasks ask for their reader at the same moment, before the method is compiled and its window closes. */
    private static long readAgainAndAgain(RDD<Block> blocks, TaskContext context) {
        Partition chunk = blocks.partitions()[context.partitionId() % blocks.partitions().length];
        long wrong = 0;
        int first = -1;
        for (int round = 1; round <= 200; round++) {
            ARRIVED.incrementAndGet();
            while (ARRIVED.get() < 2 * round && !context.isInterrupted()) {
                Thread.onSpinWait();
            }
            int id = blocks.compute(chunk, context).next().id();
            wrong += first == -1 || id == first ? 0 : 1;
            first = id;
        }
        return wrong;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 2", "7, 7", "100, 13", "13, 12"})
    void everyPartitionHasOneOwner(int parts, int workers) {
        int part = 0;
        for (int worker = 0; worker < workers; worker++) {
            for (; part < EvenSplit.first(parts, workers, worker + 1); part++) {
                assertThat(EvenSplit.runOf(parts, workers, part)).isEqualTo(worker);
            }
        }
        assertThat(part).isEqualTo(parts);
    }
}
