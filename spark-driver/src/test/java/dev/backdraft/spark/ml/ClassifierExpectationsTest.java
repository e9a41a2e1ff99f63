package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.ml.attribute.Attribute;
import org.apache.spark.ml.attribute.AttributeGroup;
import org.apache.spark.ml.attribute.NominalAttribute;
import org.apache.spark.ml.evaluation.BinaryClassificationEvaluator;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.feature.IndexToString;
import org.apache.spark.ml.feature.StringIndexer;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What Spark's own tests ask of the outputs and classes of any probabilistic classifier, asked of ours. */
@Tag("slow")
class ClassifierExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> two;
    private static Dataset<Row> three;
    private static NeuralNetworkClassificationModel ofTwo;
    private static NeuralNetworkClassificationModel ofThree;

    @BeforeAll
    static void train() {
        two = Frames.classes(SPARK.get(), 2, 40, 1).cache();
        three = Frames.classes(SPARK.get(), 3, 60, 1).cache();
        ofTwo = Samples.classifier().fit(two);
        ofThree = Samples.classifier().fit(three);
    }

    private static List<Double> predictions(NeuralNetworkClassificationModel model, Dataset<Row> rows) {
        return model.transform(rows).select("prediction").collectAsList().stream()
                .map(row -> row.getDouble(0))
                .toList();
    }

    private static Dataset<Row> withClasses(Dataset<Row> rows, int classes) {
        Metadata metadata = NominalAttribute.defaultAttr()
                .withName("label")
                .withNumValues(classes)
                .toMetadata();
        return rows.withColumn("label", functions.col("label").as("label", metadata));
    }

    @Test
    void learnsWhatNoLineSeparates() {
        Dataset<Row> rows = Samples.exclusiveOr(SPARK.get());
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setLayers(2, 5, 2)
                .setActivation("tanh")
                .setOptimizer("lbfgs")
                .setBatchSize(0)
                .setMaxIter(60)
                .fit(rows);
        assertThat(predictions(model, rows)).containsExactly(0.0, 1.0, 1.0, 0.0);
    }

    @Test
    void probabilitiesAreTheSharesOfTheClasses() {
        Dataset<Row> rows = Samples.weighted(
                SPARK.get(),
                Samples.row(0.0, 1, 2, 3, 4),
                Samples.row(1.0, 4, 3, 2, 1),
                Samples.row(0.0, 1, 1, 1, 1),
                Samples.row(1.0, 1, 1, 1, 1));
        NeuralNetworkClassificationModel model = new NeuralNetworkClassifier()
                .setHiddenLayers(5)
                .setActivation("tanh")
                .setOptimizer("lbfgs")
                .setBatchSize(0)
                .setMaxIter(100)
                .setL2(0)
                .fit(rows);
        double[] expected = {0, 1, 0.5, 0.5};
        List<Row> scored = model.transform(rows).collectAsList();
        for (int i = 0; i < expected.length; i++) {
            double[] probability = scored.get(i).<Vector>getAs("probability").toArray();
            assertThat(probability[1]).isCloseTo(expected[i], within(1e-3));
            assertThat(probability[0] + probability[1]).isCloseTo(1, within(1e-6));
        }
    }

    @Test
    void theRawPredictionOfTwoClassesIsTheLogit() {
        for (Row row : ofTwo.transform(two).collectAsList()) {
            double[] raw = row.<Vector>getAs("rawPrediction").toArray();
            double[] probability = row.<Vector>getAs("probability").toArray();
            assertThat(raw).hasSize(2);
            assertThat(raw[0]).isEqualTo(-raw[1]);
            assertThat(probability[1]).isCloseTo(1 / (1 + Math.exp(-raw[1])), within(1e-6));
            assertThat(probability[0]).isCloseTo(1 - probability[1], within(1e-12));
            assertThat(row.<Double>getAs("prediction")).isEqualTo(raw[1] > 0 ? 1.0 : 0.0);
        }
    }

    @Test
    void theProbabilityOfSeveralClassesIsTheSoftmaxOfTheRawPrediction() {
        for (Row row : ofThree.transform(three).collectAsList()) {
            double[] raw = row.<Vector>getAs("rawPrediction").toArray();
            Vector probability = row.getAs("probability");
            double sum = Arrays.stream(raw).map(Math::exp).sum();
            assertThat(raw).hasSize(3);
            for (int k = 0; k < 3; k++) {
                assertThat(probability.apply(k)).isCloseTo(Math.exp(raw[k]) / sum, within(1e-6));
            }
            assertThat(row.<Double>getAs("prediction")).isEqualTo(probability.argmax());
        }
    }

    @Test
    void hugeLogitsDoNotOverflow() {
        Vector far = Vectors.dense(1e9, -1e9, 1e9, -1e9);
        for (NeuralNetworkClassificationModel model : List.of(ofTwo, ofThree)) {
            double[] probability = model.predictProbability(far).toArray();
            assertThat(Arrays.stream(probability).sum()).isCloseTo(1, within(1e-6));
            assertThat(Arrays.stream(probability).max()).hasValue(1);
        }
    }

    @Test
    void oneVectorIsPredictedLikeARowDenseOrSparse() {
        for (NeuralNetworkClassificationModel model : List.of(ofTwo, ofThree)) {
            for (Row row : model.transform(model == ofTwo ? two : three).collectAsList()) {
                Vector features = row.getAs("features");
                for (Vector one : List.of(features.toDense(), features.toSparse())) {
                    assertThat(model.predict(one)).isEqualTo(row.<Double>getAs("prediction"));
                    assertThat(model.predictRaw(one)).isEqualTo(row.<Vector>getAs("rawPrediction"));
                    assertThat(model.predictProbability(one)).isEqualTo(row.<Vector>getAs("probability"));
                }
            }
        }
    }

    @Test
    void everyChoiceOfColumnsHasTheSameValues() {
        for (NeuralNetworkClassificationModel model : List.of(ofTwo, ofThree)) {
            Dataset<Row> rows = (model == ofTwo ? two : three).select("features");
            List<Row> all = model.transform(rows).collectAsList();
            for (int choice = 0; choice < 8; choice++) {
                List<String> wanted = new ArrayList<>();
                for (String name : List.of("rawPrediction", "probability", "prediction")) {
                    if ((choice >> wanted.size() & 1) == 1) {
                        wanted.add(name);
                    }
                }
                NeuralNetworkClassificationModel some = model.copy(ParamMap.empty());
                some.setRawPredictionCol(wanted.contains("rawPrediction") ? "rawPrediction" : "");
                some.setProbabilityCol(wanted.contains("probability") ? "probability" : "");
                some.setPredictionCol(wanted.contains("prediction") ? "prediction" : "");
                List<String> columns = new ArrayList<>(List.of("features"));
                columns.addAll(wanted);
                Dataset<Row> scored = some.transform(rows);
                assertThat(scored.columns()).containsExactlyElementsOf(columns);
                List<Row> found = scored.collectAsList();
                for (int i = 0; i < found.size(); i++) {
                    for (String name : columns) {
                        assertThat(found.get(i).<Object>getAs(name))
                                .isEqualTo(all.get(i).<Object>getAs(name));
                    }
                }
            }
        }
    }

    @Test
    void aLowThresholdMakesItsClassWin() {
        NeuralNetworkClassificationModel model = ofThree.copy(ParamMap.empty());
        List<Double> without = predictions(model, three);
        for (int k = 0; k < 3; k++) {
            double[] thresholds = {1e6, 1e6, 1e6};
            thresholds[k] = 1e-6;
            model.setThresholds(thresholds);
            assertThat(predictions(model, three)).containsOnly((double) k);
            thresholds[k] = 0;
            model.setThresholds(thresholds);
            assertThat(predictions(model, three)).containsOnly((double) k);
        }
        model.setThresholds(new double[] {1000, 1000, 1000}); // all the same: as without
        assertThat(predictions(model, three)).isEqualTo(without);
        model.setRawPredictionCol("").setProbabilityCol("").setThresholds(new double[] {0, 1, 1});
        assertThat(predictions(model, three)).containsOnly(0.0);
        assertThat(model.predict(three.first().<Vector>getAs("features"))).isZero();
        assertThat(ofThree.isDefined(ofThree.thresholds())).isFalse(); // that of the copy are its own
    }

    @Test
    void thresholdsOfAnEstimatorGoIntoItsModel() {
        NeuralNetworkClassifier classifier = Samples.classifier().setThresholds(new double[] {0, 1});
        NeuralNetworkClassificationModel model = classifier.fit(two);
        assertThat(model.getThresholds()).containsExactly(0, 1);
        assertThat(predictions(model, two)).containsOnly(0.0);
    }

    @Test
    void thresholdsMustBeOneForEachClass() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.classifier()
                        .setThresholds(new double[] {0.1, 0.2, 0.7})
                        .fit(two))
                .withMessageContaining("thresholds has 3 numbers for 2 classes");
        NeuralNetworkClassificationModel model = ofTwo.copy(ParamMap.empty());
        assertThatIllegalArgumentException().isThrownBy(() -> model.setThresholds(new double[] {0.1, 0.2, 0.7}));
        model.set(model.thresholds(), new double[] {0.1, 0.2, 0.7});
        assertThatIllegalArgumentException().isThrownBy(() -> model.transform(two));
    }

    @Test
    void theNewColumnsSayHowManyClassesThereAre() {
        for (NeuralNetworkClassificationModel model : List.of(ofTwo, ofThree)) {
            Dataset<Row> scored = model.transform(model == ofTwo ? two : three);
            StructType schema = scored.schema();
            assertThat(schema).isEqualTo(model.transformSchema((model == ofTwo ? two : three).schema()));
            for (String name : List.of("rawPrediction", "probability")) {
                assertThat(AttributeGroup.fromStructField(schema.apply(name)).size())
                        .isEqualTo(model.numClasses());
            }
            NominalAttribute prediction = (NominalAttribute) Attribute.fromStructField(schema.apply("prediction"));
            assertThat(prediction.getNumValues().get()).isEqualTo(model.numClasses());
        }
        assertThat(ofTwo.numClasses()).isEqualTo(2);
        assertThat(ofThree.numClasses()).isEqualTo(3);
        assertThat(ofThree.numFeatures()).isEqualTo(4);
        assertThat(ofThree)
                .hasToString(
                        "NeuralNetworkClassificationModel: uid=" + ofThree.uid() + ", numClasses=3, numFeatures=4");
    }

    @Test
    void labelNamesComeBackByIndexToString() {
        Dataset<Row> named = three.withColumn(
                "name",
                functions.element_at(
                        functions.array(functions.lit("ant"), functions.lit("bee"), functions.lit("cat")),
                        functions.col("label").cast(DataTypes.IntegerType).plus(1)));
        Dataset<Row> indexed = new StringIndexer()
                .setInputCol("name")
                .setOutputCol("index")
                .setStringOrderType("alphabetDesc")
                .fit(named)
                .transform(named);
        NeuralNetworkClassificationModel model =
                Samples.classifier().setLabelCol("index").setMaxIter(1).fit(indexed);
        assertThat(model.labels()).containsExactly("cat", "bee", "ant");
        Dataset<Row> back = new IndexToString()
                .setInputCol("prediction")
                .setOutputCol("predicted")
                .transform(model.transform(indexed));
        for (Row row : back.collectAsList()) {
            assertThat(row.<String>getAs("predicted"))
                    .isEqualTo(model.labels()[row.<Double>getAs("prediction").intValue()]);
        }
    }

    @Test
    void metadataMayKnowMoreClassesThanTheRowsShow() {
        NeuralNetworkClassificationModel model = Samples.classifier().fit(withClasses(three, 5));
        assertThat(model.numClasses()).isEqualTo(5);
        assertThat(model.predictRaw(Vectors.dense(1, 2, 3, 4)).size()).isEqualTo(5);
    }

    @Test
    void metadataMustNotKnowFewerClassesThanTheRowsShow() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.classifier().fit(withClasses(three, 2)));
    }

    @Test
    void oneClassAloneIsRefusedUnlessItsIndexTellsOfOthers() {
        Dataset<Row> zeros = two.withColumn("label", functions.lit(0.0));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Samples.classifier().fit(zeros))
                .withMessageContaining("all labels are 0");
        NeuralNetworkClassifier classifier = Samples.classifier().setMaxIter(40);
        NeuralNetworkClassificationModel known = classifier.fit(withClasses(zeros, 2));
        assertThat(predictions(known, two)).containsOnly(0.0);
        NeuralNetworkClassificationModel last = classifier.fit(two.withColumn("label", functions.lit(4.0)));
        assertThat(last.numClasses()).isEqualTo(5);
        assertThat(predictions(last, two)).containsOnly(4.0);
    }

    @Test
    void manyClassesAreNoTrouble() {
        List<Row> rows = new ArrayList<>();
        int classes = 500; // Spark's own count of classes ends at 100
        for (int k = 0; k < classes; k++) {
            rows.add(Samples.row((double) k, k % 25, k / 25.0));
        }
        Dataset<Row> data = Samples.weighted(SPARK.get(), rows.toArray(Row[]::new));
        NeuralNetworkClassificationModel model = Samples.classifier().fit(data);
        assertThat(model.numClasses()).isEqualTo(classes);
        Vector probability = model.transform(data).first().getAs("probability");
        assertThat(probability.size()).isEqualTo(classes);
        assertThat(Arrays.stream(probability.toArray()).sum()).isCloseTo(1, within(1e-4));
    }

    @Test
    void layersMustFitTheData() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NeuralNetworkClassifier().setLayers(3, 2).fit(two))
                .withMessageContaining("4 features");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new NeuralNetworkClassifier().setLayers(4, 2).fit(three))
                .withMessageContaining("label 2.0 is none of the 2 classes");
        assertThatIllegalArgumentException().isThrownBy(() -> new NeuralNetworkClassifier()
                .setLayers(4, 2)
                .setHiddenLayers(3)
                .fit(two));
    }

    @Test
    void evaluatorsTakeTheColumnsAsTheyAre() {
        NeuralNetworkClassifier classifier = Samples.classifier().setMaxIter(60);
        Dataset<Row> scored = classifier.fit(two).transform(two);
        for (String metric : List.of("areaUnderROC", "areaUnderPR")) {
            assertThat(new BinaryClassificationEvaluator().setMetricName(metric).evaluate(scored))
                    .isGreaterThan(0.95);
        }
        Dataset<Row> scoredThree = classifier.fit(three).transform(three);
        for (String metric : List.of("f1", "accuracy", "weightedPrecision", "weightedRecall")) {
            assertThat(new MulticlassClassificationEvaluator()
                            .setMetricName(metric)
                            .evaluate(scoredThree))
                    .isGreaterThan(0.9);
        }
        double sum = 0;
        for (Row row : scoredThree.collectAsList()) {
            Vector probability = row.getAs("probability");
            sum -= Math.log(probability.apply(row.<Double>getAs("label").intValue()));
        }
        assertThat(new MulticlassClassificationEvaluator()
                        .setMetricName("logLoss")
                        .evaluate(scoredThree))
                .isCloseTo(sum / 60, within(1e-9));
    }

    @Test
    void columnsOfAModelMayBeRenamedAfterTheFit() {
        NeuralNetworkClassificationModel model = ofTwo.copy(ParamMap.empty());
        model.setFeaturesCol("x").setPredictionCol("p").setRawPredictionCol("r").setProbabilityCol("q");
        assertThat(model.transform(two.withColumnRenamed("features", "x")).columns())
                .containsExactly("label", "x", "r", "q", "p");
        ParamMap extra = new ParamMap().put(ofTwo.probabilityCol(), "other");
        assertThat(ofTwo.transform(two, extra).columns()).contains("other").doesNotContain("probability");
        assertThat(ofTwo.getProbabilityCol()).isEqualTo("probability");
    }
}
