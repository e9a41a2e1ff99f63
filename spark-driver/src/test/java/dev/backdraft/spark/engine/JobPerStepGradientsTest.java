package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.Target;
import dev.backdraft.model.Model;
import dev.backdraft.network.GradientSum;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.engine.GradientTree;
import dev.backdraft.train.engine.LaneSum;
import dev.backdraft.train.engine.PreparedTraining;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A job per step: the same bits whichever way vectors travel and are added, and with failing tasks; and the rules of the ways. */
class JobPerStepGradientsTest {
    private static TrainingRequest request(int batchSize, int lanes) {
        return TrainingRequest.of(
                        Network.perceptron(new Tanh(), 5, 7, 3),
                        TrainingConfig.standard()
                                .withBatchSize(batchSize)
                                .withLanes(lanes)
                                .withEpochs(2))
                .withStandardize(true)
                .withValidationFraction(0.2);
    }

    private static SparkConf conf(String master, int parts) {
        return new SparkConf()
                .setMaster(master)
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.default.parallelism", Integer.toString(parts));
    }

    private static ListSource rows() {
        return new ListSource(() -> ListSource.threeClasses(211, false), 3, 1);
    }

    private static Model onSpark(SparkConf conf, TrainingRequest request) {
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            return new SparkTraining(spark, Aggregation.JOB)
                    .train(request, ExampleRdd.of(spark, rows()), null, List.of());
        }
    }

    private static String locally(TrainingRequest request) throws IOException {
        return LocalTraining.train(request, rows(), null, 2, List.of()).weightsSha256();
    }

    /** Sums of 48 + 4 · 66 bytes, so that 0 bytes always crowd the driver, and 1000 where there are more than three. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource({
        "1, 256k, 1g, 24, 6, org.apache.spark.serializer.JavaSerializer",
        "3, 256k, 1g, 24, 6, org.apache.spark.serializer.KryoSerializer",
        "3, 0, 1g, 24, 6, org.apache.spark.serializer.JavaSerializer",
        "4, 0, 1g, 24, 12, org.apache.spark.serializer.KryoSerializer",
        "5, 256k, 0, 26, 13, org.apache.spark.serializer.JavaSerializer",
        "6, 0, 0, 24, 6, org.apache.spark.serializer.KryoSerializer",
        "16, 256k, 1000, 48, 24, org.apache.spark.serializer.JavaSerializer"
    })
    void everyWayOfVectorsGivesTheBitsOfOneJvm(
            int parts, String inTask, String crowd, int batchSize, int lanes, String serializer) throws IOException {
        SparkConf conf = conf("local[3]", parts)
                .set("spark.serializer", serializer)
                .set("spark.backdraft.job.inTask", inTask)
                .set("spark.backdraft.job.crowd", crowd);
        TrainingRequest request = request(batchSize, lanes);
        assertThat(onSpark(conf, request).weightsSha256()).isEqualTo(locally(request));
    }

    /** A loss of a user's that fails now and then, after it has written into the worker's scratch. */
    private record Failing(Loss loss) implements Loss {
        private static final AtomicInteger CALLS = new AtomicInteger();

        @Override
        public String name() {
            return loss.name();
        }

        @Override
        public Target target() {
            return loss.target();
        }

        @Override
        public double sum(Matrix logits, Matrix target, float[] weights, Matrix dLogits) {
            double sum = loss.sum(logits, target, weights, dLogits);
            if (CALLS.incrementAndGet() % 7 == 0) {
                throw new IllegalStateException("the test lets this task fail");
            }
            return sum;
        }

        @Override
        public double correct(Matrix logits, Matrix target, float[] weights) {
            return loss.correct(logits, target, weights);
        }

        @Override
        public void predict(Matrix logits, Matrix prediction) {
            loss.predict(logits, prediction);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"1g", "0"})
    void tasksThatFailAndRunAgainChangeNoBit(String crowd) {
        TrainingRequest request = request(24, 6);
        String expected = onSpark(conf("local[2]", 4), request).weightsSha256();
        Failing.CALLS.set(0);
        SparkConf conf = conf("local[2, 8]", 4).set("spark.backdraft.job.crowd", crowd);
        Model model = onSpark(conf, request.withLoss(new Failing(new SoftmaxCrossEntropy())));
        assertThat(model.weightsSha256()).isEqualTo(expected);
        assertThat(Failing.CALLS).hasValueGreaterThan(100);
    }

    @Test
    void anotherPointOfTheSameStepGivesAnotherGradient() {
        try (JavaSparkContext spark = new JavaSparkContext(conf("local[2]", 2));
                PreparedTraining training = new SparkTraining(spark, Aggregation.JOB)
                        .prepare(request(24, 6), ExampleRdd.of(spark, rows()), null)) {
            float[] parameters = training.fit().network().initialParameters(1);
            double first = training.source().gradient(1, 0, parameters).losses().loss();
            float before = parameters[0];
            parameters[0] += 1;
            assertThat(training.source().gradient(1, 0, parameters).losses().loss())
                    .isNotEqualTo(first);
            parameters[0] = before;
            assertThat(training.source().gradient(1, 0, parameters).losses().loss())
                    .isEqualTo(first);
        }
    }

    @Test
    void timesOfStepsAddUpToTheTimeSpent() {
        try (JavaSparkContext spark = new JavaSparkContext(conf("local[2]", 2));
                PreparedTraining training = new SparkTraining(spark, Aggregation.JOB)
                        .prepare(request(24, 6), ExampleRdd.of(spark, rows()), null)) {
            float[] parameters = training.fit().network().initialParameters(1);
            long start = System.nanoTime();
            for (int step = 0; step < 5; step++) {
                training.source().gradient(1, step, parameters);
            }
            long spent = System.nanoTime() - start;
            StepTimes times = training.source().times();
            assertThat(times.steps()).isEqualTo(5);
            assertThat(times.computeNanos()).isPositive();
            assertThat(times.computeNanos() + times.combineNanos() + times.publishNanos() + times.waitNanos())
                    .isLessThanOrEqualTo(spent);
            assertThat(times.bytesSent() + times.bytesReceived()).isZero(); // all is in one JVM
        }
    }

    @Test
    void groupsAreNodesOfTheTreeAndCoverEveryLane() {
        for (int lanes = 1; lanes < 70; lanes++) {
            int active = lanes;
            for (int groups : new int[] {1, 2, 4, 8, 16}) {
                int[] firsts = GradientTree.divide(active, groups);
                assertThat(firsts.length).isLessThanOrEqualTo(groups);
                List<LaneSum> nodes = IntStream.range(0, firsts.length)
                        .mapToObj(i -> new LaneSum(
                                firsts[i], i + 1 < firsts.length ? firsts[i + 1] : active, new GradientSum(1)))
                        .toList();
                nodes.forEach(node -> node.sum().gradient()[0] = node.to() - node.from());
                assertThat(GradientTree.merge(active, nodes).gradient()[0]).isEqualTo(active);
            }
        }
    }

    @Test
    void sumsComeBackFromBytesAsTheyWere() {
        List<LaneSum> nodes = new ArrayList<>();
        for (int length : new int[] {1, 0, 1000}) {
            GradientSum sum = new GradientSum(length);
            for (int i = 0; i < length; i++) {
                sum.gradient()[i] = (float) Math.sin(i);
            }
            sum.losses().add(0.1 + length, 2, 3);
            nodes.add(new LaneSum(nodes.size(), nodes.size() + 1, sum));
        }
        byte[] bytes = SumBytes.encode(12, 34, nodes);
        assertThat(SumBytes.computeNanos(bytes)).isEqualTo(12);
        assertThat(SumBytes.combineNanos(bytes)).isEqualTo(34);
        List<LaneSum> decoded = new ArrayList<>();
        SumBytes.decode(bytes, GradientSum::new, decoded);
        assertThat(decoded)
                .usingRecursiveComparison()
                .ignoringFieldsMatchingRegexes(
                        ".*isNew") // that a sum holds only zeros is not known of one that was read
                .isEqualTo(nodes);
    }

    @Test
    void executorsAddWhenTheSumsOfAllPartitionsWouldCrowdTheDriver() {
        JobSettings settings = new JobSettings(1 << 18, 1 << 20, 1 << 20);
        assertThat(settings.groups(64, 4096)).isZero(); // 64 · 16 KiB
        assertThat(settings.groups(65, 4096)).isEqualTo(16);
        assertThat(settings.groups(64, 4097)).isEqualTo(8);
        assertThat(settings.groups(4, 1 << 20)).isEqualTo(2);
        assertThat(settings.groups(3, 1 << 20)).isZero(); // two would be as many
        assertThat(settings.advice(1 << 18)).isEmpty();
        assertThat(settings.advice((1 << 18) + 1)).singleElement().asString().contains("maxDirectResultSize=100m");
    }

    @Test
    void theRuleLeavesRoomInTheDriversHeapAndForSparksOwnLimit() {
        long heap = Runtime.getRuntime().maxMemory();
        assertThat(JobSettings.of(new SparkConf(false).set("spark.driver.maxResultSize", "10m"))
                        .crowd())
                .isEqualTo(5 << 20);
        assertThat(JobSettings.of(new SparkConf(false).set("spark.driver.maxResultSize", "0"))
                        .crowd())
                .isEqualTo(heap / 8);
    }
}
