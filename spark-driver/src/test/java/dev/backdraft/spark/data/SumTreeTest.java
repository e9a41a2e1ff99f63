package dev.backdraft.spark.data;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.network.Network;
import dev.backdraft.spark.rdd.RddTraining;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.mllib.linalg.Vectors;
import org.apache.spark.mllib.regression.LabeledPoint;
import org.junit.jupiter.api.Test;

/** The driver gets a bounded number of bytes, however many partitions and columns there are. */
class SumTreeTest {
    private static final int FEATURES = 2000;

    @Test
    void asManyRoundsAsKeepTheDriverFree() {
        assertThat(SumTree.rounds(40, 100, 4000)).isEqualTo(1);
        assertThat(SumTree.rounds(40, 101, 4000)).isEqualTo(2);
        assertThat(SumTree.rounds(2200, 1 << 20, 64 << 20)).isEqualTo(3);
        for (int partitions : new int[] {100, 10_000, 1_000_000}) {
            int rounds = SumTree.rounds(partitions, 1000, 20_000);
            assertThat(2 * Math.ceil(Math.pow(partitions, 1.0 / rounds)) * 1000).isLessThanOrEqualTo(20_000);
        }
    }

    @Test
    void manyPartitionsOfManyColumnsFitASmallLimitAndGiveTheSameBits() {
        SparkConf conf = new SparkConf()
                .setMaster("local[2]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.maxResultSize", "4m");
        try (JavaSparkContext spark = new JavaSparkContext(conf)) {
            String many = train(spark, 40);

            assertThat(many).isEqualTo(train(spark, 1));
        }
    }

    private static String train(JavaSparkContext spark, int partitions) {
        List<Integer> ids = IntStream.range(0, 80).boxed().toList();
        JavaRDD<LabeledPoint> points = spark.parallelize(ids, partitions)
                .map(id -> new LabeledPoint(
                        id % 2, Vectors.dense(new Random(id).doubles(FEATURES).toArray())));
        TrainingRequest request = TrainingRequest.of(
                        Network.perceptron(new Tanh(), FEATURES, 4, 1),
                        TrainingConfig.standard().withEpochs(1))
                .withStandardize(true);
        return new RddTraining(request).run(points).model().weightsSha256();
    }
}
