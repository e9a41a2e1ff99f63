package dev.backdraft.spark.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.ImportanceRows;
import dev.backdraft.explain.Importances;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.spark.ListSource;
import dev.backdraft.spark.data.ExampleRdd;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A cluster gives the importance of features that one JVM gives, bit for bit, from however many partitions. */
class SparkImportanceTest {
    private static final Model MODEL = LocalTraining.train(
            TrainingRequest.of(
                            Network.perceptron(new Tanh(), 5, 7, 3),
                            TrainingConfig.standard().withBatchSize(24).withEpochs(5))
                    .withStandardize(true),
            ListSource.threeClasses(211, false));
    private static JavaSparkContext spark;

    @BeforeAll
    static void start() {
        spark = new JavaSparkContext(
                new SparkConf().setMaster("local[2]").setAppName("test").set("spark.ui.enabled", "false"));
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static ImportanceRows rows(int parts, boolean sparse, int mostRows) {
        ListSource source = new ListSource(() -> ListSource.threeClasses(211, sparse), parts, 5 + parts);
        return SparkImportance.rows(spark, MODEL, ExampleRdd.of(spark, source), 9, mostRows);
    }

    @ParameterizedTest
    @CsvSource({"1, false, 1000", "5, false, 100", "3, true, 100", "7, true, 1000"})
    void sparkGivesTheFiguresOfOneJvm(int parts, boolean sparse, int mostRows) {
        List<Example> all = ListSource.threeClasses(211, false); // weights, copies, some of weight 0
        ImportanceRows expectedRows = ImportanceRows.of(MODEL, all, 9, mostRows);
        ImportanceRows rows = rows(parts, sparse, mostRows);
        assertThat(rows.rows()).hasSameSizeAs(expectedRows.rows());
        for (PermutationImportance settings : List.of(
                new PermutationImportance().withRepeats(3),
                new PermutationImportance().withMetric(Metrics.named("f1-macro")))) {
            Importances expected = settings.of(MODEL, expectedRows);
            assertThat(SparkImportance.permutation(spark, settings, MODEL, rows))
                    .isEqualTo(expected);
        }
        assertThat(new GradientTimesInput().of(MODEL, rows))
                .isEqualTo(new GradientTimesInput().of(MODEL, expectedRows));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> rows(1, false, 0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SparkImportance.permutation(
                        spark, new PermutationImportance().withMetric(Metrics.named("r2")), MODEL, rows(1, false, 10)));
        ListSource wide = new ListSource(() -> List.of(Example.dense(new float[6], 1)), 1, 1);
        assertThatThrownBy(() -> SparkImportance.rows(spark, MODEL, ExampleRdd.of(spark, wide), 1, 10))
                .hasMessageContaining("row 1 has 6 features but the model takes 5");
    }
}
