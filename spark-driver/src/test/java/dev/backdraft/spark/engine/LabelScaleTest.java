package dev.backdraft.spark.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.LabelScale;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metric;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.spark.score.SparkEvaluation;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A label on a logarithmic scale: the same bits and figures on every route, and the same refusals. */
class LabelScaleTest {
    private static final String JAVA = "org.apache.spark.serializer.JavaSerializer";

    private static TrainingRequest request(LabelScale scale, Loss loss, boolean standardize) {
        TrainingConfig config = TrainingConfig.standard()
                .withBatchSize(24)
                .withLanes(6)
                .withEpochs(2)
                .withLabelScale(scale)
                .withMetrics(List.of("mae"));
        int outputs = loss instanceof Pinball pinball ? pinball.outputs() : 1;
        return new TrainingRequest(Network.perceptron(new Tanh(), 3, 5, outputs), loss, config, standardize, 0.25);
    }

    /** Amounts; around a billion, with small differences, when they are to be centered in double. */
    private static List<Example> amounts(boolean narrow) {
        Random random = new Random(4);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()};
            double amount = Math.exp(2 + x[0] - 0.5 * x[1] + 0.2 * random.nextGaussian());
            Example row = Example.dense(x, narrow ? 1e9 + amount : amount);
            rows.add(i % 5 == 0 ? row.withWeight(3) : row);
        }
        return rows;
    }

    private static List<Example> badAmounts() {
        List<Example> rows = amounts(false);
        rows.add(Example.dense(new float[] {1, 2, 3}, 0));
        rows.add(Example.dense(new float[] {3, 2, 1}, -7));
        return rows;
    }

    private static JavaSparkContext context(String serializer, int slots) {
        return new JavaSparkContext(new SparkConf()
                .setMaster("local[" + slots + "]")
                .setAppName("test")
                .set("spark.ui.enabled", "false")
                .set("spark.serializer", serializer));
    }

    @ParameterizedTest
    @CsvSource({
        "JOB, LOG, true, false, " + JAVA,
        "RESIDENT, LOG, true, false, " + JAVA,
        "JOB, LOG1P, false, false, org.apache.spark.serializer.KryoSerializer",
        "RESIDENT, LOG1P, true, true, org.apache.spark.serializer.KryoSerializer",
        "JOB, LOG, true, true, " + JAVA
    })
    void sparkGivesTheBitsAndFiguresOfOneJvm(
            Aggregation aggregation, LabelScale scale, boolean standardize, boolean narrow, String serializer)
            throws IOException {
        Loss loss = aggregation == Aggregation.JOB ? new Pinball() : new SquaredError();
        TrainingRequest request = request(scale, loss, standardize);
        ListSource one = new ListSource(() -> amounts(narrow), 1, 1);
        ListSource several = new ListSource(() -> amounts(narrow), 4, 9);
        List<EpochResult> expected = new ArrayList<>();
        Model local = LocalTraining.train(request, one, null, 2, List.of(expected::add));
        try (JavaSparkContext spark = context(serializer, 3)) {
            List<EpochResult> found = new ArrayList<>();
            Model model = new SparkTraining(spark, aggregation)
                    .train(request, ExampleRdd.of(spark, several), null, List.of(found::add));
            assertThat(model.weightsSha256()).isEqualTo(local.weightsSha256());
            assertThat(model.preprocessing().labelScale()).isEqualTo(scale);
            assertThat(model.preprocessing().label() != null
                            && model.preprocessing().label().centersAny())
                    .isEqualTo(narrow);
            assertThat(found)
                    .usingRecursiveComparison()
                    .ignoringFields("seconds", "times", "accuracy", "validationAccuracy") // NaN of a regression
                    .isEqualTo(expected);
            List<Metric> metrics = Evaluation.usualMetrics(local);
            Evaluation onSpark = SparkEvaluation.of(spark, model, ExampleRdd.of(spark, one), metrics);
            Evaluation inJvm = Evaluation.of(local, one);
            for (Metric metric : metrics) {
                assertThat(onSpark.value(metric)).as(metric.label()).isEqualTo(inJvm.value(metric));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"JOB", "RESIDENT"})
    void badLabelsAreRefusedAsInOneJvmOrSkipped(Aggregation aggregation) throws IOException {
        TrainingRequest request = request(LabelScale.LOG, new SquaredError(), true);
        ListSource bad = new ListSource(LabelScaleTest::badAmounts, 4, 9);
        ListSource good = new ListSource(() -> amounts(false), 1, 1);
        String expected = LocalTraining.train(request, good, null, 1, List.of()).weightsSha256();
        try (JavaSparkContext spark = context(JAVA, 2)) {
            SparkTraining training = new SparkTraining(spark, aggregation);
            ExampleRdd rows = ExampleRdd.of(spark, bad);
            assertThatThrownBy(() -> training.train(request, rows, null, List.of()))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("2 of 162 rows have a label that is not on the label scale log")
                    .hasMessageContaining("choose the label scale linear");
            Model model = training.train(request, rows.skippingOffScale(LabelScale.LOG), null, List.of());
            assertThat(model.weightsSha256()).isEqualTo(expected);
            Evaluation evaluation = SparkEvaluation.of(
                    spark, model, rows.skippingOffScale(LabelScale.LOG), Evaluation.usualMetrics(model));
            assertThat(evaluation.skipped().count(InvalidValue.OFF_SCALE)).isEqualTo(2);
            assertThat(evaluation.rows()).isEqualTo(160);
        }
    }
}
