package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.ml.Estimator;
import org.apache.spark.ml.Model;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.linalg.SQLDataTypes;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What Spark's own tests ask of the data that any predictor is trained on and scores, asked of both of ours. */
@Tag("slow")
class InputExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Stream<Estimator<?>> estimators() {
        return Stream.of(
                new NeuralNetworkClassifier().setHiddenLayers(4).setMaxIter(1).setBatchSize(0),
                new NeuralNetworkRegressor().setHiddenLayers(4).setMaxIter(1).setBatchSize(0));
    }

    private static Dataset<Row> rows() {
        return Samples.weighted(
                SPARK.get(),
                Samples.row(0.0, 1.0, Vectors.dense(0, 2, 3)),
                Samples.row(1.0, 2.0, Vectors.dense(0, 3, 1)),
                Samples.row(0.0, 0.0, Vectors.dense(0, 2, 2)),
                Samples.row(1.0, 3.0, Vectors.dense(0, 3, 9)),
                Samples.row(0.0, 1.0, Vectors.dense(0, 2, 6)));
    }

    private static Dataset<Row> cast(Dataset<Row> rows, String column, DataType type) {
        return rows.withColumn(column, functions.col(column).cast(type));
    }

    /** The hash of a trained model's weights. */
    private static String bits(Model<?> model) {
        return model instanceof NeuralNetworkClassificationModel classifier
                ? classifier.model().weightsSha256()
                : ((NeuralNetworkRegressionModel) model).model().weightsSha256();
    }

    private static String bits(Estimator<?> estimator, Dataset<Row> rows) {
        return bits((Model<?>) estimator.fit(rows));
    }

    private static <E extends Estimator<?>> E with(E estimator, String param, Object value) {
        ParamExpectationsTest.set(estimator, param, value);
        return estimator;
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void labelsAndWeightsAreOfAnyNumericType(Estimator<?> estimator) {
        with(estimator, "weightCol", "weight");
        String doubles = bits(estimator, rows());
        for (DataType type : Samples.NUMERIC) {
            assertThat(bits(estimator, cast(cast(rows(), "label", type), "weight", type)))
                    .as(type.simpleString())
                    .isEqualTo(doubles);
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void labelsAndWeightsAreOfNoOtherType(Estimator<?> estimator) {
        for (DataType type : List.of(DataTypes.StringType, DataTypes.BinaryType, DataTypes.TimestampType)) {
            Dataset<Row> rows = rows().withColumn("label", functions.lit(null).cast(type));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(rows))
                    .withMessageContaining("'label' is of type " + type.simpleString());
            with(estimator, "weightCol", "weight");
            Dataset<Row> others =
                    rows().withColumn("weight", functions.lit(null).cast(type));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(others))
                    .withMessageContaining("'weight' is of type " + type.simpleString());
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void featuresAreVectorsOfMl(Estimator<?> estimator) {
        for (Column column : List.of(
                functions.lit("0 2 3"),
                functions.array(functions.lit(1.0), functions.lit(2.0)),
                functions.lit(null).cast(DataTypes.DateType))) {
            Dataset<Row> rows = rows().withColumn("features", column);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.transformSchema(rows.schema()))
                    .withMessageContaining("features");
            assertThatIllegalArgumentException().isThrownBy(() -> estimator.fit(rows));
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void aMissingColumnIsToldBeforeAnyJob(Estimator<?> estimator) {
        // a row that cannot be computed: whoever runs a job fails otherwise than by the column's name
        UDF1<Double, Double> fails = value -> {
            throw new IllegalStateException("a job was run");
        };
        Column broken = functions.udf(fails, DataTypes.DoubleType).apply(functions.col("label"));
        with(estimator, "weightCol", "weight");
        for (String name : List.of("label", "features", "weight")) {
            Dataset<Row> rows = rows().withColumn("other", broken).drop(name);
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(rows))
                    .withMessageContaining("no column '" + name + "'");
            assertThatIllegalArgumentException().isThrownBy(() -> estimator.transformSchema(rows.schema()));
        }
        Dataset<Row> taken = rows().withColumn("prediction", functions.lit(1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(taken))
                .withMessageContaining("'prediction'");
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void labelsThatAreNoNumbersAreRefused(Estimator<?> estimator) {
        for (Double bad : Arrays.asList(null, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY)) {
            Dataset<Row> rows =
                    rows().union(Samples.weighted(SPARK.get(), Samples.row(bad, 1.0, Vectors.dense(1, 2, 3))));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(rows))
                    .withMessageContaining("label");
        }
    }

    @Test
    void classesAreWholeNumbersFromZero() {
        for (double bad : new double[] {-3, 0.1, 1.5, 1e10}) {
            Dataset<Row> rows = rows().union(Samples.weighted(SPARK.get(), Samples.row(bad, 1, 2, 3)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Samples.classifier().fit(rows))
                    .withMessageContaining("label " + bad + " is not a class");
        }
        Metadata two = NominalAttribute.defaultAttr()
                .withName("label")
                .withNumValues(2)
                .toMetadata();
        for (double bad : new double[] {-3, 0.1, 3}) { // where metadata tells the number of classes
            Dataset<Row> rows = rows().union(Samples.weighted(SPARK.get(), Samples.row(bad, 1, 2, 3)));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Samples.classifier()
                            .fit(rows.withColumn("label", functions.col("label").as("label", two))))
                    .withMessageContaining("label");
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void weightsMustBeNumbersOfZeroOrMore(Estimator<?> estimator) {
        with(estimator, "weightCol", "weight");
        for (Double bad : Arrays.asList(null, Double.NaN, -3.0, Double.POSITIVE_INFINITY)) {
            Dataset<Row> rows =
                    rows().union(Samples.weighted(SPARK.get(), Samples.row(1.0, bad, Vectors.dense(1, 2, 3))));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(rows))
                    .withMessageContaining("'weight'");
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void vectorsMustBeThereFiniteAndOfOneSize(Estimator<?> estimator) {
        Model<?> model = (Model<?>) estimator.fit(rows());
        for (Vector bad : Arrays.asList(
                null,
                Vectors.dense(1, Double.NaN, 3),
                Vectors.dense(1, 2, Double.NEGATIVE_INFINITY),
                Vectors.sparse(3, new int[] {1}, new double[] {Double.NaN}),
                Vectors.dense(1, 2),
                Vectors.dense(1, 2, 3, 4))) {
            Dataset<Row> one = Samples.weighted(SPARK.get(), Samples.row(1.0, 1.0, bad));
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> estimator.fit(rows().union(one)))
                    .withMessageContaining("column 'features");
            assertThatThrownBy(() -> model.transform(one).collectAsList())
                    .rootCause()
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("column 'features");
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void badRowsCanBeLeftOutOrKept(Estimator<?> estimator) {
        Dataset<Row> bad = Samples.weighted(
                SPARK.get(), Samples.row(1.0, 1.0, null), Samples.row(1.0, 1.0, Vectors.dense(1, Double.NaN, 3)));
        String good = bits(estimator, rows());
        for (String way : List.of("skip", "keep")) {
            Model<?> model = (Model<?>) with(estimator, "handleInvalid", way).fit(rows().union(bad));
            assertThat(bits(model)).isEqualTo(good);
            List<Row> scored = model.transform(bad.union(rows())).collectAsList();
            assertThat(scored).hasSize(way.equals("skip") ? 5 : 7);
            assertThat(scored.stream()
                            .filter(row -> row.<Double>getAs("prediction").isNaN()))
                    .hasSize(way.equals("skip") ? 0 : 2);
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void noRowsAreRefused(Estimator<?> estimator) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(rows().limit(0)))
                .withMessageContaining("no rows to train on");
        Model<?> model = (Model<?>) estimator.fit(rows());
        assertThat(model.transform(rows().limit(0)).collectAsList()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void partitioningAndOrderDoNotMatter(Estimator<?> estimator) {
        List<Row> rows = new ArrayList<>(Frames.classes(SPARK.get(), 2, 70, 3).collectAsList());
        with(estimator, "batchSize", 16);
        String expected = bits(estimator, Frames.frame(SPARK.get(), rows));
        Collections.reverse(rows);
        StructType schema = Frames.frame(SPARK.get(), rows).schema();
        JavaSparkContext spark = JavaSparkContext.fromSparkContext(SPARK.get().sparkContext());
        for (int partitions : new int[] {1, 7, 100}) { // with 100 some are empty
            Dataset<Row> frame = SPARK.get().createDataFrame(spark.parallelize(rows, partitions), schema);
            assertThat(bits(estimator, frame)).as(partitions + " partitions").isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void sparseVectorsAreWorthDenseOnes(Estimator<?> estimator) {
        UDF1<Vector, Vector> toSparse = Vector::toSparse;
        Dataset<Row> sparse = rows().withColumn(
                        "features",
                        functions.udf(toSparse, SQLDataTypes.VectorType()).apply(functions.col("features")));
        assertThat(sparse.first().<Vector>getAs("features")).isEqualTo(Vectors.dense(0, 2, 3));
        assertThat(bits(estimator, sparse)).isEqualTo(bits(estimator, rows()));
        Model<?> model = (Model<?>) estimator.fit(rows());
        assertThat(model.transform(sparse).select("prediction").collectAsList())
                .isEqualTo(model.transform(rows()).select("prediction").collectAsList());
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void featuresThatNeverChangeDoNoHarm(Estimator<?> estimator) {
        Dataset<Row> constant = rows().withColumn("features", vectorOf(7, 0, 1e30));
        Model<?> model = (Model<?>) estimator.fit(constant);
        double first = model.transform(constant).first().getAs("prediction");
        assertThat(model.transform(constant).select("prediction").distinct().collectAsList())
                .containsExactly(RowFactory.create(first));
        assertThat(first).isFinite();
    }

    private static Column vectorOf(double... values) {
        UDF1<Double, Vector> make = label -> Vectors.dense(values);
        return functions.udf(make, SQLDataTypes.VectorType()).apply(functions.col("label"));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void otherColumnsAndMetadataComeThrough(Estimator<?> estimator) {
        Metadata note = new MetadataBuilder().putString("note", "kept").build();
        Dataset<Row> rich = rows().withColumn(
                        "id", functions.col("label").cast("long").as("id", note))
                .withColumn("price", functions.lit(12.5).cast(DataTypes.createDecimalType(12, 3)))
                .withColumn(
                        "tags",
                        functions.array(functions.lit("a"), functions.lit(null).cast("string")))
                .withColumn(
                        "nested",
                        functions.struct(
                                functions.col("features").as("x"),
                                functions.lit(1).as("y")))
                .withColumn("map", functions.map(functions.lit("k"), functions.lit(2L)))
                .withColumn("bytes", functions.lit(new byte[] {1, 2}))
                .withColumn("time", functions.lit("2024-02-29 12:00:00").cast("timestamp"))
                .withColumn("nothing", functions.lit(null).cast("double"))
                .withColumn("dotted.name", functions.lit(true));
        Model<?> model = (Model<?>) estimator.fit(rich);
        Dataset<Row> scored = model.transform(rich);
        assertThat(scored.schema().apply("id").metadata()).isEqualTo(note);
        assertThat(Arrays.copyOf(scored.schema().fields(), rich.columns().length))
                .isEqualTo(rich.schema().fields());
        Column[] same = Arrays.stream(rich.columns())
                .map(name -> functions.col("`" + name + "`"))
                .toArray(Column[]::new);
        Column[] comparable = Arrays.stream(rich.columns())
                .filter(name -> !name.equals("map")) // has no order
                .map(name -> functions.col("`" + name + "`"))
                .toArray(Column[]::new);
        assertThat(scored.select(same).schema()).isEqualTo(rich.schema());
        assertThat(scored.select(comparable).except(rich.select(comparable)).isEmpty())
                .isTrue();
        assertThat(scored.select("map.k").distinct().collectAsList()).containsExactly(RowFactory.create(2L));
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void twoColumnsOfOneNameAreNoTroubleWhenNobodyAsksForThem(Estimator<?> estimator) {
        Dataset<Row> doubled = rows().select(
                        functions.col("label"),
                        functions.col("features"),
                        functions.lit(1).as("x"),
                        functions.lit(2).as("x"));
        Model<?> model = (Model<?>) estimator.fit(doubled);
        assertThat(model.transform(doubled).select("prediction").collectAsList())
                .hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void severalColumnsAreFeaturesToo(Estimator<?> estimator) {
        Dataset<Row> columns = rows().withColumn("a", functions.lit(0))
                .withColumn(
                        "b",
                        functions.when(functions.col("label").equalTo(0), 2f).otherwise(3f))
                .withColumn("c", functions.col("label").equalTo(1));
        with(estimator, "featuresCols", new String[] {"a", "b", "c"});
        Model<?> model = (Model<?>) estimator.fit(columns.drop("features"));
        assertThat(model.transform(columns.drop("features")).collectAsList()).hasSize(5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(columns.drop("b")))
                .withMessageContaining("no column 'b'");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(columns.withColumn("b", functions.array(functions.lit("two")))))
                .withMessageContaining("'b' is of type array<string>");
        Dataset<Row> lists = columns.withColumn("b", functions.array(functions.col("b")));
        assertThat(((Model<?>) estimator.fit(lists)).transform(lists).collectAsList())
                .hasSize(5);
        Model<?> ofTable = (Model<?>) estimator.fit(cast(columns, "b", DataTypes.StringType));
        assertThat(ofTable.transform(cast(columns, "b", DataTypes.StringType)).collectAsList())
                .hasSize(5);
        assertThatIllegalArgumentException().isThrownBy(() -> model.transform(columns.drop("c")));
        with(estimator, "featuresCols", new String[] {"b", "features"});
        Model<?> mixed = (Model<?>) estimator.fit(columns);
        assertThat(mixed.transform(columns).collectAsList()).hasSize(5);
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void columnsMayHaveOtherNamesWithDotsEvenThoseOfFeatures(Estimator<?> estimator) {
        String expected = bits(estimator, rows());
        with(with(estimator, "featuresCol", "my.features"), "predictionCol", "my.guess");
        with(with(estimator, "labelCol", "answer"), "weightCol", "");
        Dataset<Row> renamed =
                rows().withColumnRenamed("features", "my.features").withColumnRenamed("label", "answer");
        Model<?> model = (Model<?>) estimator.fit(renamed);
        assertThat(bits(model)).isEqualTo(expected);
        assertThat(model.transform(renamed).columns()).contains("my.guess");
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void aFitLeavesEstimatorAndDataAsTheyWere(Estimator<?> estimator) {
        ParamMap before = estimator.extractParamMap();
        Dataset<Row> rows = rows().cache();
        int kept = SPARK.get().sparkContext().getPersistentRDDs().size();
        Model<?> model = (Model<?>) estimator.fit(rows);
        assertThat(estimator.extractParamMap().toString()).isEqualTo(before.toString());
        assertThat(rows.storageLevel().useMemory()).isTrue();
        assertThat(SPARK.get().sparkContext().getPersistentRDDs().size()).isLessThanOrEqualTo(kept + 1); // rows itself
        assertThat(model.uid()).isEqualTo(estimator.uid());
        assertThat(model.parent()).isEqualTo(estimator);
        assertThat(model.hasParent()).isTrue();
        assertThat(model.copy(ParamMap.empty()).parent()).isEqualTo(estimator);
        assertThat(bits(estimator, rows)).isEqualTo(bits(model));
    }

    @Test
    void aFitTakesFurtherParameters() {
        NeuralNetworkClassifier classifier = Samples.classifier();
        NeuralNetworkClassificationModel model = classifier.fit(
                rows(), classifier.maxIter().w(3), classifier.probabilityCol().w("p"));
        assertThat(model.summary().totalIterations()).isEqualTo(3);
        assertThat(model.getProbabilityCol()).isEqualTo("p");
        assertThat(((NeuralNetworkClassifier) model.parent()).getMaxIter()).isEqualTo(3);
        assertThat(classifier.getMaxIter()).isEqualTo(2);
        ParamMap map = new ParamMap().put(classifier.maxIter(), 1);
        assertThat(classifier.fit(rows(), map).summary().totalIterations()).isEqualTo(1);
    }

    @ParameterizedTest
    @MethodSource("estimators")
    void validationRowsAreToldByABooleanColumn(Estimator<?> estimator) {
        Dataset<Row> marked = rows().withColumn("held", functions.lit(false))
                .union(rows().withColumn("label", functions.lit(1.0)).withColumn("held", functions.lit(true)));
        String without = bits(estimator, rows());
        with(estimator, "validationIndicatorCol", "held");
        assertThat(bits(estimator, marked)).isEqualTo(without);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(cast(marked, "held", DataTypes.IntegerType)))
                .withMessageContaining("'held' is of type int");
        assertThatIllegalArgumentException().isThrownBy(() -> estimator.fit(marked.drop("held")));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(marked.withColumn("held", functions.lit(true))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> estimator.fit(marked.withColumn("held", functions.lit(false))))
                .withMessageContaining("validationIndicatorCol 'held' is true in no row");
    }

    @Test
    void earlyStoppingEndsBeforeTheLastEpochWithTheBestWeights() {
        Dataset<Row> training = Frames.classes(SPARK.get(), 2, 30, 1).withColumn("held", functions.lit(false));
        Dataset<Row> others = Frames.classes(SPARK.get(), 2, 30, 2)
                .withColumn("label", functions.lit(1).minus(functions.col("label"))) // the more learnt, the worse
                .withColumn("held", functions.lit(true));
        NeuralNetworkClassifier classifier = Samples.classifier()
                .setMaxIter(30)
                .setValidationIndicatorCol("held")
                .setEarlyStoppingPatience(2);
        NeuralNetworkTrainingSummary summary =
                classifier.fit(training.union(others)).summary();
        assertThat(summary.totalIterations()).isLessThan(30);
        assertThat(summary.totalIterations()).isEqualTo(summary.bestEpoch() + 2);
        double[] history = summary.validationHistory();
        assertThat(history).hasSize(summary.totalIterations());
        assertThat(history[summary.bestEpoch() - 1])
                .isEqualTo(Arrays.stream(history).min().orElseThrow());
    }
}
