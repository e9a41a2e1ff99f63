package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Network;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import scala.Option;

/** What a model leaves of the rows that it scores, and what Spark can still do with the plan. */
class ScoringTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static NeuralNetworkClassificationModel model;

    @BeforeAll
    static void train() {
        model = Samples.classifier().fit(rows());
    }

    private static Dataset<Row> rows() {
        return Frames.classes(SPARK.get(), 3, 30, 1).withColumn("id", functions.monotonically_increasing_id());
    }

    private static NeuralNetworkClassificationModel ofOneLogit(Loss loss) {
        Network network = Network.builder(1).dense(1).build();
        Model made = new Model(network, loss, Preprocessing.none(), new float[] {1, 0}, Map.of());
        return new NeuralNetworkClassificationModel("one", new ModelHandle(made), Option.empty());
    }

    private static String plan(Dataset<Row> data) {
        return data.queryExecution().optimizedPlan().toString();
    }

    private static long scorings(Dataset<Row> data) {
        return Pattern.compile("score\\(").matcher(plan(data)).results().count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"error", "skip", "keep"})
    void otherColumnsStayWhatTheyAre(String handleInvalid) {
        Dataset<Row> rows = rows().withColumn("day", functions.expr("date_add(date'1582-10-05', cast(id % 7 as int))"))
                .withColumn(
                        "time", functions.expr("timestamp'1582-10-08 12:00:00' + make_interval(0, 0, 0, 0, id % 7)"))
                .withColumn("text", functions.expr("cast(unhex('ff00fe') as string)"))
                .withColumn("years", functions.expr("interval '3' year"));
        Dataset<Row> scored =
                model.copy(ParamMap.empty()).setHandleInvalid(handleInvalid).transform(rows);
        assertThat(scored.drop("rawPrediction", "probability", "prediction").schema())
                .isEqualTo(rows.schema());
        String[] inside = {"id", "unix_date(day)", "unix_micros(time)", "hex(cast(text as binary))"};
        assertThat(scored.where("prediction >= 0").selectExpr(inside).collectAsList())
                .isEqualTo(rows.selectExpr(inside).collectAsList());
    }

    @Test
    void aRowIsScoredOnceAndOnlyWhenItIsLookedAt() {
        Dataset<Row> scored = model.transform(rows());
        assertThat(scorings(scored)).isEqualTo(1);
        assertThat(scorings(scored.select("probability", "prediction", "rawPrediction")))
                .isEqualTo(1);
        assertThat(scorings(scored.select("prediction"))).isEqualTo(1);
        assertThat(scorings(scored.select("id"))).isZero();
        String filtered = plan(scored.where("id = 2"));
        assertThat(filtered.indexOf("Filter")).isGreaterThan(filtered.indexOf("score("));
    }

    /** Before Spark 4.2, the filter is pushed below and scores there, and the columns score again. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aRowThatIsFilteredByItsPredictionIsScoredOnce(boolean generatedCode) {
        String whole = "spark.sql.codegen.wholeStage";
        SPARK.get().conf().set(whole, generatedCode);
        try {
            RowScores counting = new CountingScores(new ClassScores(3, true, true, true, null));
            ModelHandle handle = new ModelHandle(model.model());
            Dataset<Row> rows = rows();
            Dataset<Row> scored =
                    Scoring.transform(rows, model, handle, counting, model.transformSchema(rows.schema()));
            CountingScores.CALLS.set(0);
            Dataset<Row> filtered = scored.where("prediction >= 0");
            assertThat(filtered.collectAsList()).hasSize(30);
            assertThat(CountingScores.CALLS).hasValue(30);
            boolean early = SPARK.get().version().matches("4\\.[01]\\..*");
            assertThat(scorings(filtered)).isEqualTo(early ? 2 : 1); // below the filter, and above it
        } finally {
            SPARK.get().conf().unset(whole);
        }
    }

    private record CountingScores(RowScores scores) implements RowScores {
        static final AtomicInteger CALLS = new AtomicInteger(); // of tasks in this JVM

        @Override
        public int count() {
            return scores.count();
        }

        @Override
        public void put(Predictor predictor, int column, Object[] values, int from) {
            CALLS.incrementAndGet();
            scores.put(predictor, column, values, from);
        }

        @Override
        public void putInvalid(Object[] values, int from) {
            scores.putInvalid(values, from);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "s3a://bucket/m, spark-submit --packages org.apache.hadoop:hadoop-aws:",
        "https://host/m, web servers are not supported"
    })
    void placesThatCannotBeOpenedSayWhatToDo(String path, String message) {
        List<ThrowableAssert.ThrowingCallable> doors = List.of(
                () -> model.save(path),
                () -> model.write().overwrite().save(path),
                () -> NeuralNetworkClassificationModel.load(path),
                () -> NeuralNetworkRegressionModel.load(path),
                () -> NeuralNetworkClassifier.load(path),
                () -> new NeuralNetworkClassifier().save(path),
                () -> new NeuralNetworkRegressor().write().save(path));
        for (ThrowableAssert.ThrowingCallable door : doors) {
            assertThatThrownBy(door).isInstanceOf(DataException.class).hasMessageContaining(message);
        }
    }

    @Test
    void thePartitionsOfTheRowsStay() {
        Dataset<Row> parted = rows().repartition(2, functions.col("id"));
        String counted = model.transform(parted)
                .groupBy("id")
                .agg(functions.max("prediction"))
                .queryExecution()
                .executedPlan()
                .toString();
        assertThat(Pattern.compile("Exchange").matcher(counted).results().count())
                .isEqualTo(1);
    }

    @Test
    void aRowThatCannotBeScoredIsToldByColumnAndValue() {
        Dataset<Row> rows =
                Frames.frame(SPARK.get(), List.of(RowFactory.create(0.0, Vectors.dense(1, 2, Double.NaN, 4))));
        assertThatThrownBy(() -> model.transform(rows).collectAsList())
                .hasStackTraceContaining("column 'features[2]': the value is NaN, not a finite number");
    }

    @Test
    void theProbabilityOfClass0IsNoRoundedRest() {
        for (Loss loss : List.of(new SigmoidCrossEntropy(), new Hinge())) {
            NeuralNetworkClassificationModel one = ofOneLogit(loss);
            Vector expected = Vectors.dense(2.0611536181902037e-9, 1 - 2.0611536181902037e-9);
            Vector features = Vectors.dense(new double[] {20});
            List<Vector> found = List.of(
                    one.predictProbability(features),
                    one.raw2probability(one.predictRaw(features)),
                    one.transform(Frames.frame(SPARK.get(), List.of(RowFactory.create(1.0, features))))
                            .first()
                            .getAs("probability"));
            for (Vector probability : found) {
                assertThat(probability.toArray())
                        .usingComparatorWithPrecision(1e-15)
                        .containsExactly(expected.toArray());
            }
        }
    }

    @Test
    void aClassOfWeight0IsNone() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 2, 30, 1)
                .withColumn("id", functions.monotonically_increasing_id())
                .withColumn("weight", functions.expr("if(id = 3, 0D, 1D)"))
                .withColumn("label", functions.expr("if(id = 3, 7D, label)"));
        assertThat(Samples.classifier().setWeightCol("weight").fit(rows).numClasses())
                .isEqualTo(2);
    }

    @Test
    void aRegressionOfTextIsToldToCastTheColumn() {
        Dataset<Row> rows = rows().withColumn("label", functions.expr("cast(label as string)"));
        assertThatThrownBy(() -> Samples.regressor().fit(rows))
                .hasMessageContaining("labelCol 'label' is of type string, but must be numeric;"
                        + " a regression predicts numbers: cast the column to double");
    }
}
