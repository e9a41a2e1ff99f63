package dev.backdraft.spark.engine.resident;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.BlockSet;
import dev.backdraft.train.Fit;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDBlockId;
import org.apache.spark.storage.StorageLevel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkerBlocksTest {
    /** Looks blocks up in a task, in an order that goes back and forth; returns what is wrong. */
    private static List<String> look(JavaSparkContext spark, StorageLevel level, boolean expectHeld) {
        Fit fit =
                Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 2, 2)); // two lanes, several blocks each
        BlockSet set = Fits.blocks(spark, Fits.MANY_ROWS, fit, false);
        set.stored().rdd().unpersist(true);
        set.stored().rdd().persist(level);
        assertThat(set.layout().blocksOf(0)).isGreaterThan(2);
        BlockParts parts = new BlockParts(set);
        return new WorkerRdd(parts, null, 2)
                .toJavaRDD()
                .map(worker -> {
                    List<String> wrong = new ArrayList<>();
                    int count = worker.training().layout().blockCount();
                    Random random = new Random(TaskContext.getPartitionId());
                    for (int look = 0; look < 40; look++) {
                        int number = random.nextInt(count);
                        if (worker.get(number).id() != number) {
                            wrong.add("block " + worker.get(number).id() + " for " + number);
                        }
                    }
                    HeldBlocks held = new HeldBlocks(worker.training());
                    for (int part = 0; part < worker.training().count(); part++) {
                        held.hold(part, worker.context());
                    }
                    for (int number = 0; number < count; number++) {
                        if ((held.get(number) != null) != expectHeld) {
                            wrong.add("block " + number + " is held: " + !expectHeld);
                        }
                    }
                    return wrong;
                })
                .reduce((a, b) -> {
                    a.addAll(b);
                    return a;
                });
    }

    @Test
    void anyBlockIsFoundWhereverItIsStored() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            assertThat(look(spark, StorageLevel.MEMORY_AND_DISK(), true)).isEmpty();
            assertThat(look(spark, StorageLevel.DISK_ONLY(), false)).isEmpty();
            assertThat(look(spark, StorageLevel.NONE(), false)).isEmpty();
        }
    }

    @Test
    void partitionsOnDiskAlsoThoseLostAndMadeAgainGiveTheSameGradients() {
        try (JavaSparkContext spark = new JavaSparkContext(Fits.conf("local[2]", 2))) {
            Fit fit = Fits.settle(spark, Fits.MANY_ROWS, Fits.with(Fits.request(1), 400, 4));
            float[] parameters = fit.network().initialParameters(1);
            List<float[]> sums = new ArrayList<>();
            for (boolean lost : new boolean[] {false, true}) {
                StorageLevel level = lost ? StorageLevel.DISK_ONLY() : StorageLevel.MEMORY_AND_DISK();
                BlockSet set = Fits.blocks(spark, Fits.MANY_ROWS, fit, false);
                set.stored().rdd().unpersist(true);
                set.stored().rdd().persist(level);
                try (ResidentGradients source =
                        new ResidentGradients(spark, fit, set, null, ResidentSettings.of(spark.getConf()), () -> {
                            throw new AssertionError();
                        })) {
                    float[] total = new float[parameters.length];
                    for (int step = 0; step < set.layout().stepsPerEpoch(); step++) {
                        if (lost && step == 3) { // as when somebody clears the disk
                            for (int chunk = 0; chunk < set.stored().rdd().getNumPartitions(); chunk++) {
                                RDDBlockId id =
                                        new RDDBlockId(set.stored().rdd().id(), chunk);
                                SparkEnv.get().blockManager().removeBlock(id, true);
                            }
                        }
                        float[] sum = source.gradient(1, step, parameters).gradient();
                        for (int i = 0; i < total.length; i++) {
                            total[i] += sum[i];
                        }
                    }
                    sums.add(total);
                }
            }
            assertThat(sums.get(1)).isEqualTo(sums.get(0));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 2", "7, 7", "100, 13", "13, 12"})
    void everyPartitionHasOneOwner(int parts, int workers) {
        int part = 0;
        for (int worker = 0; worker < workers; worker++) {
            for (; part < BlockParts.firstOfPlace(parts, workers, worker + 1); part++) {
                assertThat(BlockParts.placeOf(parts, workers, part)).isEqualTo(worker);
            }
        }
        assertThat(part).isEqualTo(parts);
    }
}
