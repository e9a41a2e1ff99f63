package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.data.DataException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes in: columns, labels, weights, rows that are not complete. */
@Tag("slow")
class DataInTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static NeuralNetworkClassifier quick() {
        return new NeuralNetworkClassifier().setHiddenLayers(6).setMaxIter(3).setBatchSize(32);
    }

    private static Dataset<Row> rows() {
        return Frames.classes(SPARK.get(), 3, 90, 1);
    }

    private static String weights(NeuralNetworkClassificationModel model) {
        return model.model().weightsSha256();
    }

    /** Label x > y, text label, features as columns: a whole number, a double, a float, a boolean. */
    private static Dataset<Row> columns() {
        Random random = new Random(4);
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            int x = random.nextInt(20);
            double y = 20 * random.nextDouble();
            rows.add(RowFactory.create(x > y ? "more" : "less", x, y, random.nextFloat(), x > y));
        }
        StructType schema = new StructType()
                .add("text", DataTypes.StringType)
                .add("x", DataTypes.IntegerType)
                .add("y.z", DataTypes.DoubleType)
                .add("noise", DataTypes.FloatType)
                .add("told", DataTypes.BooleanType);
        return SPARK.get().createDataFrame(rows, schema);
    }

    @Test
    void featuresMayBeColumnsAndLabelsText() {
        Pipeline pipeline = new Pipeline().setStages(new PipelineStage[] {
            new StringIndexer().setInputCol("text").setOutputCol("label"),
            quick().setFeaturesCols("x", "y.z", "noise", "told").setMaxIter(20).setStepSize(0.01),
        });
        PipelineModel model = pipeline.fit(columns());
        NeuralNetworkClassificationModel network = (NeuralNetworkClassificationModel) model.stages()[1];
        assertThat(network.labels()).containsExactlyInAnyOrder("more", "less");
        assertThat(network.model().preprocessing().featureNames()).containsExactly("x", "y.z", "noise", "told");
        Dataset<Row> scored = new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("said")
                .transform(model.transform(columns()));
        assertThat(Attribute.fromStructField(scored.schema().apply("prediction"))
                        .toString())
                .contains("more");
        long right = scored.where(functions.col("said").equalTo(functions.col("text")))
                .count();
        assertThat(right).isGreaterThan(190);
    }

    @Test
    void columnsAndTheirAssembledVectorTrainTheSameBits() {
        Dataset<Row> rows = columns()
                .withColumn("label", functions.col("told").cast("double"))
                .withColumnRenamed("y.z", "y");
        Dataset<Row> assembled = new VectorAssembler()
                .setInputCols(new String[] {"x", "y", "noise"})
                .setOutputCol("features")
                .transform(rows);
        NeuralNetworkClassificationModel ofVector = quick().fit(assembled);
        assertThat(weights(quick().setFeaturesCols("x", "y", "noise").fit(rows)))
                .isEqualTo(weights(ofVector));
        assertThat(ofVector.model().preprocessing().featureNames()).containsExactly("x", "y", "noise");
    }

    @Test
    void sparseAndDenseVectorsTrainAndScoreTheSameBits() {
        List<Row> dense = new ArrayList<>();
        List<Row> sparse = new ArrayList<>();
        Random random = new Random(2);
        for (int i = 0; i < 60; i++) {
            double[] x = new double[7];
            x[random.nextInt(7)] = random.nextGaussian();
            x[i % 2] += 1;
            dense.add(RowFactory.create((double) (i % 2), Vectors.dense(x)));
            sparse.add(RowFactory.create((double) (i % 2), Vectors.dense(x).toSparse()));
        }
        Dataset<Row> denseRows = Frames.frame(SPARK.get(), dense);
        Dataset<Row> sparseRows = Frames.frame(SPARK.get(), sparse);
        NeuralNetworkClassificationModel model = quick().fit(denseRows);
        assertThat(weights(quick().fit(sparseRows))).isEqualTo(weights(model));
        assertThat(model.transform(sparseRows).select("rawPrediction").collectAsList())
                .isEqualTo(model.transform(denseRows).select("rawPrediction").collectAsList());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bigint", "tinyint", "float", "decimal(10,0)"})
    void anyNumberIsALabelOrAWeight(String type) {
        Dataset<Row> rows = rows().withColumn("label", functions.col("label").cast(type))
                .withColumn("weight", functions.lit(2).cast(type));
        assertThat(weights(quick().setWeightCol("weight").fit(rows)))
                .isEqualTo(weights(quick().setWeightCol("w").fit(rows().withColumn("w", functions.lit(2)))));
    }

    @Test
    void aWeightIsARepetition() {
        Dataset<Row> rows = rows().withColumn("weight", functions.col("label").plus(1));
        Dataset<Row> repeated = rows.withColumn(
                        "copy",
                        functions.explode(functions.sequence(
                                functions.lit(0), functions.col("label").cast("int"))))
                .drop("copy", "weight");
        NeuralNetworkClassifier whole =
                quick().setBatchSize(0).setStandardize(false).setMaxIter(5);
        double[] weighted =
                predictions(whole.copy(ParamMap.empty()).setWeightCol("weight").fit(rows));
        double[] copied = predictions(whole.fit(repeated));
        assertThat(weighted).containsExactly(copied, within(1e-5));
        assertThat(predictions(whole.fit(rows))).isNotEqualTo(weighted);
    }

    private static double[] predictions(NeuralNetworkClassificationModel model) {
        return model.transform(rows()).collectAsList().stream()
                .flatMapToDouble(
                        row -> Arrays.stream(row.<Vector>getAs("probability").toArray()))
                .toArray();
    }

    private static Dataset<Row> withHoles() {
        List<Row> rows = new ArrayList<>(rows().collectAsList());
        rows.add(RowFactory.create(1.0, null));
        rows.add(RowFactory.create(1.0, Vectors.dense(1, Double.NaN, 2, 3)));
        rows.add(RowFactory.create(1.0, Vectors.dense(1, 2, Double.POSITIVE_INFINITY, 3)));
        rows.add(RowFactory.create(null, Vectors.dense(1, 2, 4, 3)));
        rows.add(RowFactory.create(Double.NaN, Vectors.dense(1, 2, 4, 3)));
        return Frames.frame(SPARK.get(), rows);
    }

    @Test
    void rowsThatAreNotCompleteAreErrorsOrLeftOut() {
        assertThatThrownBy(() -> quick().fit(withHoles()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("partition 2 row 28, column 'features': the features are missing");
        String expected = weights(quick().fit(rows()));
        assertThat(weights(quick().setHandleInvalid("skip").fit(withHoles()))).isEqualTo(expected);
        NeuralNetworkClassificationModel model =
                quick().setHandleInvalid("keep").fit(withHoles());
        assertThat(weights(model)).isEqualTo(expected);
        List<Row> kept = model.transform(withHoles()).collectAsList();
        assertThat(kept).hasSize(95);
        assertThat(kept.get(90).<Double>getAs("prediction")).isNaN();
        assertThat(kept.get(91).<Vector>getAs("probability").toArray())
                .containsOnly(Double.NaN)
                .hasSize(3);
        assertThat(kept.get(93).<Double>getAs("prediction")).isNotNaN();
        assertThat(model.setHandleInvalid("skip").transform(withHoles()).count())
                .isEqualTo(92);
        assertThatThrownBy(() ->
                        model.setHandleInvalid("error").transform(withHoles()).collectAsList())
                .hasStackTraceContaining("the features are missing");
    }

    @Test
    void badRowsAreSaidInOneMessage() {
        assertThatThrownBy(() -> quick().setWeightCol("w").fit(rows().withColumn("w", functions.lit(-1))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'w': the weight is -1.0; weights are 0 or more");
        assertThatThrownBy(() -> quick().fit(rows().withColumn("label", functions.lit(0.5))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 0.5 is not a class");
        assertThatThrownBy(() -> quick().fit(rows().withColumn("label", functions.lit(-1))))
                .hasMessageContaining("label -1.0 is not a class");
        assertThatThrownBy(() -> quick().fit(rows().withColumn("label", functions.lit(0))))
                .hasMessageContaining("all labels are 0");
        assertThatThrownBy(() -> quick().fit(rows().limit(0))).hasMessageContaining("no rows to train on");
        List<Row> unequal = List.of(
                RowFactory.create(0.0, Vectors.dense(1, 2)),
                RowFactory.create(1.0, Vectors.sparse(3, new int[0], new double[0])));
        assertThatThrownBy(() -> quick().fit(Frames.frame(SPARK.get(), unequal)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the vector has 3 features instead of 2");
    }

    @Test
    void severalNumbersArePredictedFromAVectorOrAnArray() {
        Dataset<Row> rows =
                Frames.values(SPARK.get(), 200, 1).withColumn("both", functions.expr("array(label, -2 * label)"));
        NeuralNetworkRegressor regressor = new NeuralNetworkRegressor()
                .setLabelCol("both")
                .setMaxIter(30)
                .setBatchSize(16)
                .setStepSize(0.02);
        NeuralNetworkRegressionModel model = regressor.fit(rows);
        assertThat(model.numOutputs()).isEqualTo(2);
        assertThat(model.transformSchema(rows.schema())).isEqualTo(regressor.transformSchema(rows.schema()));
        for (Row row : model.transform(rows).takeAsList(20)) {
            Vector predicted = row.getAs("prediction");
            Vector alone = model.predictVector(row.getAs("features"));
            assertThat(predicted.toArray())
                    .containsExactly(alone.toArray(), within(1e-4)); // another kernel of the BLAS
            assertThat(predicted.apply(1)).isCloseTo(-2 * predicted.apply(0), within(20.0));
        }
        assertThatThrownBy(() -> model.predict(Vectors.dense(1, 2, 3, 4))).hasMessageContaining("predicts 2 numbers");
        Dataset<Row> vectors = new VectorAssembler()
                .setInputCols(new String[] {"label"})
                .setOutputCol("one")
                .transform(rows);
        assertThat(regressor.setLabelCol("one").fit(vectors).model().weightsSha256())
                .isEqualTo(regressor.setLabelCol("label").fit(rows).model().weightsSha256());
    }

    @Test
    void manyClassesAreTrained() {
        List<Row> rows = new ArrayList<>();
        for (int i = 0; i < 2400; i++) {
            rows.add(RowFactory.create((double) (i % 1200), Vectors.dense(Math.floorDiv(i % 1200, 34), i % 1200 % 34)));
        }
        NeuralNetworkClassificationModel model = quick().fit(Frames.frame(SPARK.get(), rows));
        assertThat(model.numClasses()).isEqualTo(1200);
        assertThat(model.predictProbability(Vectors.dense(1, 2)).size()).isEqualTo(1200);
    }

    @Test
    void theResultDoesNotDependOnPartitionsOrOtherColumns() {
        String expected = weights(quick().fit(rows()));
        assertThat(weights(quick().fit(rows().repartition(7)))).isEqualTo(expected);
        assertThat(weights(quick().fit(rows().coalesce(1).withColumn("more", functions.lit("a")))))
                .isEqualTo(expected);
        assertThat(weights(quick().setSeed(7).fit(rows()))).isNotEqualTo(expected);
    }
}
