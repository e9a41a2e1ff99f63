package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.spark.LogLines;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerJobStart;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.storage.RDDInfo;
import org.apache.spark.util.LongAccumulator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.CollectionConverters;

/** What a fit asks of Spark, and what it leaves there. */
class FitJobsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    /** Rows whose reading is counted. */
    private static Dataset<Row> counted(LongAccumulator reads) {
        UDF1<Double, Double> counting = value -> {
            reads.add(1);
            return value;
        };
        return Frames.classes(SPARK.get(), 3, 90, 1)
                .withColumn(
                        "label",
                        functions
                                .udf(counting, DataTypes.DoubleType)
                                .asNondeterministic()
                                .apply(functions.col("label")))
                .withColumn("held", functions.expr("pmod(hash(features), 3) = 0"));
    }

    private static int kept() {
        return SPARK.get().sparkContext().getPersistentRDDs().size();
    }

    @Test
    void rowsAreReadOnceAndNothingStaysBehind() {
        LongAccumulator reads = SPARK.get().sparkContext().longAccumulator();
        Samples.classifier().setValidationIndicatorCol("held").fit(counted(reads));
        assertThat(reads.value()).isEqualTo(90);
        assertThat(kept()).isZero();
        assertThatThrownBy(() ->
                        Samples.classifier().setThresholds(new double[] {1, 1}).fit(counted(reads)))
                .hasMessageContaining("thresholds");
        assertThat(kept()).isZero();
        LongAccumulator ofRegression = SPARK.get().sparkContext().longAccumulator();
        Samples.regressor().fit(counted(ofRegression));
        assertThat(ofRegression.value()).isEqualTo(90);
        assertThat(kept()).isZero();
    }

    /** How many data sets a fit uses that are kept. */
    private static int keptWithin(Dataset<Row> rows) throws Exception {
        Set<Integer> kept = ConcurrentHashMap.newKeySet();
        SparkListener listener = new SparkListener() {
            @Override
            public void onStageSubmitted(SparkListenerStageSubmitted event) {
                for (RDDInfo rdd : CollectionConverters.asJava(event.stageInfo().rddInfos())) {
                    if (rdd.storageLevel().isValid()) {
                        kept.add(rdd.id());
                    }
                }
            }
        };
        SPARK.get().sparkContext().addSparkListener(listener);
        Samples.classifier().fit(rows);
        SPARK.get().sparkContext().listenerBus().waitUntilEmpty(10_000);
        SPARK.get().sparkContext().removeSparkListener(listener);
        return kept.size();
    }

    @Test
    void rowsThatTheUserKeepsAreNotKeptTwice() throws Exception {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 90, 1);
        int ofOthers = keptWithin(rows);
        rows.cache();
        int ofKept = keptWithin(rows);
        assertThat(rows.storageLevel().useMemory()).isTrue();
        rows.unpersist(true);
        assertThat(ofKept).isEqualTo(ofOthers).isGreaterThan(1); // the rows, and the blocks made of them
    }

    @Test
    void everyJobBearsTheLabelsOfTheFit() throws Exception {
        List<Properties> jobs = new CopyOnWriteArrayList<>();
        SparkListener listener = new SparkListener() {
            @Override
            public void onJobStart(SparkListenerJobStart event) {
                jobs.add((Properties) event.properties().clone());
            }
        };
        SPARK.get().sparkContext().addSparkListener(listener);
        Samples.classifier()
                .setValidationIndicatorCol("held")
                .fit(counted(SPARK.get().sparkContext().longAccumulator()));
        SPARK.get().sparkContext().listenerBus().waitUntilEmpty(10_000);
        SPARK.get().sparkContext().removeSparkListener(listener);
        List<String> descriptions =
                jobs.stream().map(of -> of.getProperty("spark.job.description")).toList();
        assertThat(descriptions)
                .containsSubsequence(
                        "Backdraft: looking at features",
                        "Backdraft: counting classes",
                        "Backdraft: looking for validation rows",
                        "Backdraft: reading and sorting rows")
                .allSatisfy(of -> assertThat(of).startsWith("Backdraft: "));
        assertThat(jobs.stream().map(of -> of.getProperty("spark.jobGroup.id")).distinct())
                .singleElement()
                .asString()
                .startsWith("backdraft-fit-");
        assertThat(SPARK.get().sparkContext().getLocalProperty("spark.job.description"))
                .isNull();
    }

    @Test
    void anIndicatorThatIsNeverTrueIsRefused() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassifier classifier = Samples.classifier().setValidationIndicatorCol("held");
        assertThatThrownBy(() -> classifier.fit(rows.withColumn("held", functions.lit(false))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("validationIndicatorCol 'held' is true in no row");
        Dataset<Row> incomplete = rows.withColumn("held", functions.expr("label = 1"))
                .withColumn("label", functions.expr("if(held, double('NaN'), label)"));
        assertThatThrownBy(() -> classifier.setHandleInvalid("skip").fit(incomplete))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no validation rows: all of them have weight 0");
    }

    @Test
    void whatAFloatCannotHoldIsRefusedWithItsRow() {
        Dataset<Row> rows = Frames.values(SPARK.get(), 30, 1)
                .withColumn("weight", functions.lit(1.0))
                .withColumn("id", functions.monotonically_increasing_id());
        NeuralNetworkRegressor regressor = Samples.regressor().setWeightCol("weight");
        String expected = regressor.fit(rows.where("id <> 2")).model().weightsSha256();
        for (String column : List.of("label", "weight")) {
            Dataset<Row> large = rows.withColumn(column, functions.expr("if(id = 2, 1e39D, " + column + ")"));
            assertThatThrownBy(() -> regressor.setHandleInvalid("error").fit(large))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("partition 0 row 3, column '" + column
                            + "': the value is 1.0E39, which a float cannot hold");
            assertThat(regressor.setHandleInvalid("skip").fit(large).model().weightsSha256())
                    .isEqualTo(expected);
        }
    }

    @Test
    void anEpochIsALineOfTheLog() {
        List<String> lines;
        try (LogLines log = new LogLines(History.class)) {
            Samples.classifier().fit(Frames.classes(SPARK.get(), 3, 60, 1));
            Samples.classifier().setValidationFraction(0.3).fit(Frames.classes(SPARK.get(), 3, 60, 1));
            lines = log.lines();
        }
        assertThat(lines).hasSize(10);
        assertThat(lines.get(0)).isEqualTo("data: 60 training rows, 4 features, 3 classes in 'label'");
        assertThat(lines.get(1)).startsWith("network: 4-4-3, ");
        assertThat(lines.get(4)).startsWith("warning: the model is worse than one that always gives the same answer");
        assertThat(lines.get(9)).startsWith("the model has the weights of epoch");
        assertThat(lines.get(3)).matches("epoch 2/2: loss [0-9.]+");
        assertThat(lines.get(8)).matches("epoch 2/2: loss [0-9.]+, validation loss [0-9.]+");
    }
}
