package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import org.apache.spark.ml.evaluation.MulticlassClassificationEvaluator;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.tuning.CrossValidator;
import org.apache.spark.ml.tuning.CrossValidatorModel;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who says how many classes there are: metadata, else layers or network, else the labels. */
@Tag("slow")
class ClassCountTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static final String NETWORK = "{\"layers\": [{\"type\": \"dense\", \"outputSize\": 4}]}";

    private static Dataset<Row> rows(int classes) {
        return Frames.classes(SPARK.get(), classes, 60, 1);
    }

    private static NeuralNetworkClassifier ofLayers(int... layers) {
        return new NeuralNetworkClassifier().setLayers(layers).setMaxIter(2);
    }

    @Test
    void layersAndNetworkMayKnowMoreClassesThanTheRowsShow() {
        assertThat(ofLayers(4, 5, 4).fit(rows(3)).numClasses()).isEqualTo(4);
        assertThat(ofLayers(4, 5, 3)
                        .fit(rows(3).withColumn("label", functions.lit(0.0)))
                        .numClasses())
                .isEqualTo(3);
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setNetwork(NETWORK).setMaxIter(2);
        assertThat(classifier.fit(rows(3)).numClasses()).isEqualTo(4);
    }

    @Test
    void twoClassesMayEndInOneUnitOrTwo() {
        NeuralNetworkClassificationModel one = ofLayers(4, 5, 1).fit(rows(2));
        assertThat(one.numClasses()).isEqualTo(2);
        assertThat(one.model().weightsSha256())
                .isEqualTo(ofLayers(4, 5, 2).fit(rows(2)).model().weightsSha256());
        assertThatThrownBy(() ->
                        ofLayers(4, 5, 1).setThresholds(new double[] {1, 1, 1}).transformSchema(rows(2).schema()))
                .hasMessageContaining("thresholds has 3 numbers for 2 classes");
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0.5, 3})
    void aLabelThatIsNoneOfThemIsToldWithItsRow(double bad) {
        Dataset<Row> rows = rows(3).withColumn("label", functions.expr("if(label = 1, " + bad + "D, label)"));
        assertThatThrownBy(() -> ofLayers(4, 5, 3).fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(
                        "partition 0 row 2, column 'label': label " + bad + " is none of the 3 classes 0 to 2");
        assertThat(ofLayers(4, 5, 3)
                        .setWeightCol("weight")
                        .fit(rows.withColumn("weight", functions.expr("if(label in (0, 2), 1, 0)")))
                        .numClasses())
                .as("a row of weight 0 counts like none")
                .isEqualTo(3);
    }

    /** Labels −1 and 1 would otherwise be trained, and be predicted as 0 and 1. */
    @Test
    void signsAreNoClasses() {
        assertThatThrownBy(() -> ofLayers(4, 5, 2).fit(rows(2).withColumn("label", functions.expr("2 * label - 1"))))
                .hasMessageContaining("label -1.0 is none of the 2 classes");
    }

    @Test
    void aFoldWithoutTheLastClassIsTrained() {
        Dataset<Row> rows = rows(3).withColumn("fold", functions.expr("if(label = 2, 0, pmod(hash(features), 2))"))
                .withColumn("fold", functions.col("fold").cast("int"))
                .cache();
        CrossValidatorModel model = new CrossValidator()
                .setEstimator(ofLayers(4, 5, 3))
                .setEvaluator(new MulticlassClassificationEvaluator().setMetricName("logLoss"))
                .setEstimatorParamMaps(new ParamMap[] {ParamMap.empty()})
                .setNumFolds(2)
                .setFoldCol("fold")
                .fit(rows);
        assertThat(model.avgMetrics()[0]).isFinite();
    }

    @Test
    void largeNumbersAreNotBelievedToBeClasses() {
        for (int key : new int[] {10_000, 50_000_000}) {
            assertThatThrownBy(() -> new NeuralNetworkClassifier()
                            .fit(rows(2).withColumn(
                                            "label", functions.col("label").multiply(key))))
                    .isInstanceOf(DataException.class)
                    .hasMessageContaining("column 'label': label " + key + " would make")
                    .hasMessageContaining("StringIndexer")
                    .hasMessageContaining("metadata")
                    .hasMessageContaining("layers");
        }
        Dataset<Row> last = rows(2).withColumn("label", functions.col("label").multiply(9_999));
        NeuralNetworkClassifier classifier =
                new NeuralNetworkClassifier().setHiddenLayers(1).setMaxIter(1).setBatchSize(0);
        assertThat(classifier.fit(last).numClasses()).isEqualTo(10_000);
        Dataset<Row> beyond = rows(2).withColumn("label", functions.col("label").multiply(10_000));
        assertThat(ofLayers(4, 1, 10_001)
                        .setMaxIter(1)
                        .setBatchSize(0)
                        .fit(beyond)
                        .numClasses())
                .isEqualTo(10_001);
    }
}
