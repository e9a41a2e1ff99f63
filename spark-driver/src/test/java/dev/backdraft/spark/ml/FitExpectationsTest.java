package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import scala.jdk.javaapi.CollectionConverters;

/** What Spark's own tests ask of fitting again and again, and of blocks of rows, asked of ours. */
class FitExpectationsTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    private static Dataset<Row> rows;

    @BeforeAll
    static void make() {
        rows = Frames.classes(SPARK.get(), 3, 60, 1).cache();
    }

    @Test
    void severalParamMapsGiveSeveralModels() {
        NeuralNetworkClassifier classifier = Samples.classifier();
        List<ParamMap> maps = List.of(
                new ParamMap().put(classifier.maxIter(), 1),
                new ParamMap().put(classifier.maxIter(), 3),
                ParamMap.empty());
        List<NeuralNetworkClassificationModel> models = CollectionConverters.asJava(
                classifier.fit(rows, CollectionConverters.asScala(maps).toSeq()));
        assertThat(models)
                .extracting(model -> model.summary().totalIterations())
                .containsExactly(1, 3, 2);
        assertThat(models.get(2).model().weightsSha256())
                .isEqualTo(classifier.fit(rows).model().weightsSha256());
    }

    @Test
    void anotherSeedGivesAnotherModelAndTheSameSeedTheSame() {
        String expected = Samples.classifier().setSeed(1).fit(rows).model().weightsSha256();
        assertThat(Samples.classifier().setSeed(1).fit(rows).model().weightsSha256())
                .isEqualTo(expected);
        assertThat(Samples.classifier().setSeed(2).fit(rows).model().weightsSha256())
                .isNotEqualTo(expected);
    }

    @Test
    void theLossGoesDownWithWholeBatches() {
        double[] history =
                Samples.classifier().setMaxIter(10).fit(rows).summary().objectiveHistory();
        for (int i = 1; i < history.length; i++) {
            assertThat(history[i]).isLessThan(history[i - 1]);
        }
    }

    @Test
    void theSizeOfAModelIsThatOfItsNumbers() {
        NeuralNetworkClassificationModel model =
                Samples.classifier().setHiddenLayers(10).fit(rows);
        assertThat(model.estimatedSize()).isEqualTo(4 * (4 * 10 + 10 + 10 * 3 + 3));
        assertThat(model.predictRaw(Vectors.zeros(4)).size()).isEqualTo(3);
    }
}
