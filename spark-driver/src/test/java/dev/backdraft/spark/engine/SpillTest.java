package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.network.Network;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.storage.RDDInfo;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Rows that the executors' memory has no room for. {@code benchmarks/run --spill} does it with 2 GB. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
@Tag("slow")
class SpillTest {
    private static final int FEATURES = 150;
    private static final Numbers ROWS = new Numbers(40_000, 6); // 24 MB, three blocks a lane

    /** Rows by a formula. */
    private record Numbers(int rows, int parts) implements ExampleSource {
        @Override
        public ExampleReader open(int part) {
            return new ExampleReader() {
                private int next = rows * part / parts;

                @Override
                public Example read() {
                    return next < rows * (part + 1) / parts ? row(next++) : null;
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

        private static Example row(int number) {
            SplittableRandom random = new SplittableRandom(number);
            int label = random.nextInt(3);
            float[] values = new float[FEATURES];
            for (int j = 0; j < values.length; j++) {
                values[j] = (float) random.nextDouble() + (j == label ? 1 : 0);
            }
            return Example.dense(values, label);
        }

        @Override
        public List<String> featureNames() {
            return List.of();
        }

        @Override
        public String labelName() {
            return null;
        }
    }

    private static TrainingRequest request(int batchSize, int epochs) {
        return TrainingRequest.of(
                Network.perceptron(new Relu(), FEATURES, 8, 3),
                TrainingConfig.standard()
                        .withEpochs(epochs)
                        .withBatchSize(batchSize)
                        .withLanes(batchSize < ROWS.rows() ? 4 : 0));
    }

    @Test
    void rowsBeyondTheExecutorsMemoryGoToDiskAndGiveTheSameBits() throws IOException {
        SparkConf conf = Clusters.conf(2, 1).set("spark.memory.fraction", "0.03"); // 6 MB in each executor
        List<Long> before = new ArrayList<>();
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            spark.parallelize(List.of(1, 2), 2).count(); // waits for the executors
            Clusters.executors().forEach(process -> before.add(process.pid()));
            assertSpills(spark, Aggregation.RESIDENT, request(256, 2));
            assertSpills(spark, Aggregation.RESIDENT, request(Integer.MAX_VALUE, 2));
            assertSpills(spark, Aggregation.JOB, request(1024, 1)); // each step is a Spark job: few of them
            assertThat(Clusters.executors()).extracting(ProcessHandle::pid).containsExactlyInAnyOrderElementsOf(before);
        }
    }

    private static void assertSpills(JavaSparkContext spark, Aggregation aggregation, TrainingRequest request)
            throws IOException {
        List<RDDInfo> stored = new ArrayList<>();
        TrainingListener look = result -> stored.addAll(List.of(spark.sc().getRDDStorageInfo()));
        String weights = new SparkTraining(spark, aggregation)
                .train(request, ExampleRdd.of(spark, ROWS), null, List.of(look))
                .weightsSha256();
        assertThat(weights)
                .as("%s, %s", aggregation, request.config())
                .isEqualTo(
                        LocalTraining.train(request, ROWS, null, 2, List.of()).weightsSha256());
        RDDInfo last = stored.get(stored.size() - 1);
        assertThat(last.numCachedPartitions()).isEqualTo(last.numPartitions());
        assertThat(last.memSize()).isPositive();
        assertThat(last.diskSize()).isGreaterThan(8_000_000);
    }
}
