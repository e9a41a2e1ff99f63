package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.ml.NeuralNetworkClassifier;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.api.java.function.VoidFunction2;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.streaming.StreamingQuery;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Several fits at once in one session with two slots, in pools of a fair scheduler, beside ordinary jobs and a fit of
 * each micro-batch of a stream. Each has the bits of the same fit alone. Two of them go on until all others are done: a
 * job that got no slots beside them would never end.
 */
@Tag("slow")
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class FitsAtOnceTest {
    private static final int FOREVER = 1_000_000;
    private static final long PAUSE_NANOS = 5_000_000; // after an epoch, so that the same fit alone is short
    private static final int STREAMED = 60; // rows of a micro-batch

    /** Six lanes, so more than there are slots. */
    private static final TrainingRequest REQUEST = Fits.request(FOREVER);

    private final CountDownLatch running = new CountDownLatch(2); // fits that have had an epoch
    private final CountDownLatch others = new CountDownLatch(3); // that are not done

    /** A fit that goes on until all others are done, on how it ended. */
    private final class Endless implements TrainingListener {
        private final Aggregation aggregation;
        private int epochs;

        Endless(Aggregation aggregation) {
            this.aggregation = aggregation;
        }

        @Override
        public void epochEnded(EpochResult result) {}

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            epochs = result.epoch();
            LockSupport.parkNanos(PAUSE_NANOS);
            if (epochs == 1) {
                running.countDown();
            }
            if (others.getCount() == 0) {
                state.stop();
            }
        }

        String fit(JavaSparkContext spark) {
            spark.setLocalProperty("spark.scheduler.pool", aggregation.name());
            return new SparkTraining(spark, aggregation)
                    .train(REQUEST, ExampleRdd.of(spark, Fits.ROWS), null, List.of(this))
                    .weightsSha256();
        }

        String alone() throws IOException {
            return Fits.locally(Fits.request(epochs));
        }
    }

    private <T> T beside(Callable<T> other) throws Exception {
        running.await();
        T result = other.call();
        others.countDown();
        return result;
    }

    /** One Spark job for each of its few steps. */
    private static String fitByJobs(JavaSparkContext spark) {
        return new SparkTraining(spark, Aggregation.JOB)
                .train(
                        Fits.with(Fits.request(1), Integer.MAX_VALUE, 6),
                        ExampleRdd.of(spark, Fits.ROWS),
                        null,
                        List.of())
                .weightsSha256();
    }

    /** As of a person who explores data. */
    private static int ordinaryJobs(JavaSparkContext spark) {
        int sum = 0;
        for (int i = 0; i < 2; i++) {
            sum += spark.parallelize(List.of(1, 2, 3, 4), 2).reduce(Integer::sum);
        }
        return sum;
    }

    private static String fit(Dataset<Row> rows) {
        return new NeuralNetworkClassifier()
                .setFeaturesCols("x", "y")
                .setLayers(new int[] {2, 3})
                .setMaxIter(3)
                .setStepSize(0.05)
                .setBatchSize(20)
                .setL2(0)
                .setStandardize(false)
                .setValidationFraction(0)
                .fit(rows.selectExpr("sin(value) + value % 3 x", "cos(3 * value) y", "value % 3 label"))
                .model()
                .weightsSha256();
    }

    /** Of the first micro-batch. */
    private static String fitOfStream(SparkSession session) throws Exception {
        BlockingQueue<String> hashes = new LinkedBlockingQueue<>();
        VoidFunction2<Dataset<Row>, Long> action = (rows, id) -> hashes.add(fit(rows));
        StreamingQuery query = session.readStream()
                .format("rate-micro-batch")
                .option("rowsPerBatch", STREAMED)
                .option("numPartitions", 2)
                .load()
                .writeStream()
                .foreachBatch(action)
                .start();
        try {
            String first = hashes.poll(1, TimeUnit.MINUTES);
            assertThat(first).as("%s", query.exception()).isNotNull();
            return first;
        } finally {
            query.stop();
        }
    }

    @Test
    void noneStarvesAndEachHasTheBitsOfTheFitAlone() throws Exception {
        SparkConf conf =
                Fits.conf("local[2]", 2).set("spark.scheduler.mode", "FAIR").set("spark.sql.shuffle.partitions", "2");
        ExecutorService threads = Executors.newCachedThreadPool();
        try (SparkSession session = SparkSession.builder().config(conf).getOrCreate()) {
            JavaSparkContext spark = new JavaSparkContext(session.sparkContext());
            String streamedAlone = fit(session.range(STREAMED).toDF("value"));
            Endless resident = new Endless(Aggregation.RESIDENT);
            Endless auto = new Endless(Aggregation.AUTO);
            Future<String> one = threads.submit(() -> resident.fit(spark));
            Future<String> two = threads.submit(() -> auto.fit(spark));
            Future<String> jobs = threads.submit(() -> beside(() -> fitByJobs(spark)));
            Future<String> stream = threads.submit(() -> beside(() -> fitOfStream(session)));
            Future<Integer> ordinary = threads.submit(() -> beside(() -> ordinaryJobs(spark)));
            assertThat(ordinary.get()).isEqualTo(20);
            assertThat(stream.get()).isEqualTo(streamedAlone);
            assertThat(jobs.get()).isEqualTo(Fits.locally(Fits.with(Fits.request(1), Integer.MAX_VALUE, 6)));
            assertThat(one.get()).isEqualTo(resident.alone());
            assertThat(two.get()).isEqualTo(auto.alone());
        } finally {
            threads.shutdownNow();
        }
    }
}
