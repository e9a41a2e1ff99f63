package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.spark.ml.MultiLabelNeuralNetworkClassifier;
import dev.backdraft.spark.ml.MultiLabelNeuralNetworkModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.feature.VectorAssembler;
import org.apache.spark.ml.functions;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Several labels a row in spark.ml give the model of the command line. */
@Tag("slow")
class MultiLabelTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;
    private static SparkSession spark;

    private Dataset<Row> rows;

    @BeforeAll
    static void start() {
        spark = SparkSession.builder()
                .master("local[2]")
                .config("spark.ui.enabled", "false")
                .config("spark.sql.shuffle.partitions", "2")
                .getOrCreate();
    }

    @BeforeEach
    void writeData() throws IOException {
        shell = new Shell(directory);
        Random random = new Random(5);
        StringBuilder csv = new StringBuilder("x,y,left,low,both\n");
        for (int i = 0; i < 160; i++) {
            double x = random.nextGaussian();
            double y = random.nextGaussian();
            int left = x + 0.5 * random.nextGaussian() < -0.5 ? 1 : 0;
            int low = y + 0.5 * random.nextGaussian() < -0.5 ? 1 : 0;
            csv.append(x).append(',').append(y).append(',').append(left).append(',');
            csv.append(low).append(',').append(left * low).append('\n');
        }
        data = shell.write("rows.csv", csv.toString());
        rows = spark.read()
                .option("header", true)
                .option("inferSchema", true)
                .csv(data.toString())
                .repartition(3);
    }

    @AfterAll
    static void stop() {
        spark.stop();
    }

    private static MultiLabelNeuralNetworkClassifier classifier() {
        return new MultiLabelNeuralNetworkClassifier()
                .setFeaturesCols("x", "y")
                .setPreset("none")
                .setHiddenLayers(4)
                .setMaxIter(3)
                .setBatchSize(16)
                .setStepSize(0.05)
                .setStandardize(true)
                .setL2(0)
                .setValidationFraction(0.25)
                .setThreshold("f1");
    }

    private Model ofTheCommandLine() throws IOException {
        shell.succeed(
                "train",
                "--data=" + data,
                "--label=left,low,both",
                "--preset=none",
                "--hidden=4",
                "--epochs=3",
                "--batch-size=16",
                "--learning-rate=0.05",
                "--standardize",
                "--l2=0",
                "--validation=0.25",
                "--early-stopping=patience=10",
                "--threshold=f1",
                "--out=" + shell.name("run"));
        return ModelFile.read(shell.path("run/model.backdraft"));
    }

    @ParameterizedTest
    @CsvSource({"columns, auto", "array, job", "vector, resident"})
    void everyFormOfTheLabelsGivesTheModelOfTheCommandLine(String form, String aggregation) throws IOException {
        Model expected = ofTheCommandLine();
        assertThat(expected.hasThreshold()).isTrue();
        MultiLabelNeuralNetworkClassifier classifier = classifier().setAggregation(aggregation);
        Dataset<Row> given = rows;
        if (form.equals("columns")) {
            classifier.setLabelCols("left", "low", "both");
        } else {
            classifier.setLabelCol("tags");
            given = given.selectExpr("x", "y", "array(left, low, both) AS tags");
        }
        if (form.equals("vector")) {
            given = given.withColumn("tags", functions.array_to_vector(given.col("tags")));
        }
        MultiLabelNeuralNetworkModel model = classifier.fit(given);
        assertThat(model.model().weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(model.decisionThreshold()).isEqualTo(expected.threshold());
        assertThat(model.numLabels()).isEqualTo(3);
        assertThat(model.numFeatures()).isEqualTo(2);
        assertThat(model.labels())
                .containsExactly(form.equals("columns") ? new String[] {"left", "low", "both"} : new String[0]);
        assertThat(model.summary().totalIterations()).isEqualTo(3);
    }

    @Test
    void probabilitiesAndAnswersAreThoseOfTheModel() {
        MultiLabelNeuralNetworkModel model =
                classifier().setLabelCols("left", "low", "both").fit(rows);
        Dataset<Row> scored = model.transform(rows);
        for (String column : List.of("probability", "prediction")) {
            AttributeGroup group =
                    AttributeGroup.fromStructField(scored.schema().apply(column));
            assertThat(Arrays.stream(group.attributes().get())
                            .map((Attribute one) -> one.name().get()))
                    .containsExactly("left", "low", "both");
        }
        double threshold = model.decisionThreshold();
        int[] answers = new int[2];
        int right = 0;
        for (Row row : scored.collectAsList()) {
            Vector probability = row.getAs("probability");
            Vector prediction = row.getAs("prediction");
            double[] x = {row.<Double>getAs("x"), row.<Double>getAs("y")};
            double[] expected = model.model().predict(x);
            assertThat(probability.toArray()).isEqualTo(expected);
            assertThat(model.predictProbability(vector(x))).isEqualTo(probability);
            assertThat(model.predictVector(vector(x))).isEqualTo(prediction);
            for (int k = 0; k < 3; k++) {
                assertThat(prediction.apply(k)).isEqualTo(expected[k] > threshold ? 1 : 0);
                answers[(int) prediction.apply(k)]++;
                right += row.getInt(2 + k) == prediction.apply(k) ? 1 : 0;
            }
        }
        assertThat(answers).doesNotContain(0);
        assertThat(right).isGreaterThan(3 * 160 * 3 / 4);
    }

    private static Vector vector(double[] values) {
        return org.apache.spark.ml.linalg.Vectors.dense(values);
    }

    @Test
    void itIsSavedAndLoadedAloneAndInAPipeline() throws IOException {
        MultiLabelNeuralNetworkClassifier classifier = classifier()
                .setFeaturesCols()
                .setLabelCols("left", "low", "both")
                .setProbabilityCol("p")
                .setEmbeddingCol("hidden");
        String path = shell.name("estimator");
        classifier.write().save(path);
        MultiLabelNeuralNetworkClassifier read = MultiLabelNeuralNetworkClassifier.load(path);
        for (Param<?> param : classifier.params()) {
            assertThat(read.isSet(read.getParam(param.name()))).isEqualTo(classifier.isSet(param));
        }
        assertThat(read.getLabelCols()).containsExactly("left", "low", "both");

        VectorAssembler assembler =
                new VectorAssembler().setInputCols(new String[] {"x", "y"}).setOutputCol("features");
        PipelineModel fitted =
                new Pipeline().setStages(new PipelineStage[] {assembler, read}).fit(rows);
        String saved = shell.name("pipeline");
        fitted.write().overwrite().save(saved);
        PipelineModel loaded = PipelineModel.load(saved);
        List<Row> expected = fitted.transform(rows).orderBy("x").collectAsList();
        assertThat(loaded.transform(rows).orderBy("x").collectAsList()).isEqualTo(expected);
        assertThat(fitted.transform(rows).columns())
                .containsExactly("x", "y", "left", "low", "both", "features", "p", "prediction", "hidden");
        MultiLabelNeuralNetworkModel model = (MultiLabelNeuralNetworkModel) loaded.stages()[1];
        assertThat(model.labels()).containsExactly("left", "low", "both");
        assertThat(model.decisionThreshold())
                .isEqualTo(((MultiLabelNeuralNetworkModel) fitted.stages()[1]).decisionThreshold());
        assertThat(model.copy(org.apache.spark.ml.param.ParamMap.empty()).uid()).isEqualTo(model.uid());
    }

    @Test
    void oneLabelAndAnotherLossAndBooleansWork() {
        MultiLabelNeuralNetworkModel model = classifier()
                .setThreshold("0.4")
                .setLoss("sigmoid-focal")
                .setLabelCols("yes")
                .fit(rows.selectExpr("x", "y", "left = 1 AS yes"));
        assertThat(model.decisionThreshold()).isEqualTo(0.4);
        Row row = model.transform(rows).head();
        assertThat(row.<Vector>getAs("prediction").size()).isEqualTo(1);
        assertThat(row.<Vector>getAs("prediction").apply(0))
                .isEqualTo(row.<Vector>getAs("probability").apply(0) > 0.4 ? 1 : 0);
    }

    @Test
    void emptyNamesOmitColumns() {
        MultiLabelNeuralNetworkModel model =
                classifier().setLabelCols("left", "low").setMaxIter(1).fit(rows);
        assertThat(model.setProbabilityCol("").transform(rows).columns()).contains("prediction");
        assertThat(model.setProbabilityCol("").transform(rows).columns()).doesNotContain("probability");
        assertThat(model.setPredictionCol("")
                        .setProbabilityCol("p")
                        .transform(rows)
                        .columns())
                .contains("p")
                .doesNotContain("prediction");
        assertThatThrownBy(() -> model.predict(vector(new double[2]))).hasMessageContaining("use predictVector");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        assertThatThrownBy(() -> classifier().setLabelCol("left").fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("labelCol 'left' is of type int, but must be an array of numbers or a vector")
                .hasMessageContaining("labelCols");
        assertThatThrownBy(() -> classifier().setLabelCols("left", "name").fit(rows.selectExpr("*", "'a' AS name")))
                .hasMessageContaining("labelCols: column 'name' is of type string, but must be of 0 and 1, or boolean");
        assertThatThrownBy(() -> classifier().setLabelCols("left", "x").fit(rows))
                .hasMessage("column 'x' is a feature and a label: take it out of the features or of labelCols");
        assertThatThrownBy(() -> classifier().setLabelCols("left", "left").fit(rows))
                .hasMessage("labelCols has column 'left' twice: list each column once");
        assertThatThrownBy(() ->
                        classifier().setLabelCol("left").setLabelCols("low").fit(rows))
                .hasMessage("both labelCol and labelCols are set: clear one of them");
        assertThatThrownBy(() -> classifier().setLabelCols("left", "right").fit(rows))
                .hasMessageContaining("no column 'right'");
        assertThatThrownBy(() -> classifier()
                        .setLoss("softmax-cross-entropy")
                        .setLabelCols("left", "low")
                        .fit(rows))
                .hasMessageContaining("loss: softmax-cross-entropy is not for labels that are each yes or no");
        assertThatThrownBy(() ->
                        classifier().setLabelCols("left", "low").fit(rows.selectExpr("x", "y", "2 AS left", "low")))
                .hasMessageContaining("label 2");
        assertThatThrownBy(() -> classifier()
                        .setLabelCols("left", "low")
                        .fit(rows.selectExpr("x", "y", "left", "if(x > 0, NULL, low) AS low")))
                .isInstanceOf(DataException.class);
        assertThatThrownBy(() -> classifier()
                        .setLabelCols("left", "low")
                        .setContributionsCol("why")
                        .fit(rows)
                        .transform(rows))
                .hasMessageContaining("contributionsCol 'why'");
    }
}
