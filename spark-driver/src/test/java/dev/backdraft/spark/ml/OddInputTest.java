package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.data.DataException;
import java.util.List;
import org.apache.spark.ml.linalg.Vectors;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.functions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Data sets as they come: without rows, with gaps, with vectors of several lengths, with other rows each time. */
@Tag("slow")
class OddInputTest {
    @RegisterExtension
    private static final TestSession SESSION = new TestSession();

    private static Dataset<Row> rows() {
        return Frames.classes(SESSION.get(), 2, 60, 1).withColumn("w", functions.expr("if(label = 1, 2.0, 1.0)"));
    }

    private static NeuralNetworkClassifier classifier() {
        return new NeuralNetworkClassifier().setHiddenLayers(3).setMaxIter(2);
    }

    @Test
    void noRowsAreScoredAndNoneTrainAModel() {
        Dataset<Row> none = rows().where("label > 5");
        NeuralNetworkClassificationModel model = classifier().fit(rows());
        Dataset<Row> scored = model.transform(none);
        assertThat(scored.collectAsList()).isEmpty();
        assertThat(scored.columns()).endsWith("rawPrediction", "probability", "prediction");
        assertThatThrownBy(() -> classifier().fit(none))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no rows to train on");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rawPrediction", "probability", "prediction"})
    void aColumnOfAnOutputIsNotWrittenOver(String name) {
        Dataset<Row> rows = rows().withColumn(name, functions.lit(1));
        NeuralNetworkClassificationModel model = classifier().fit(rows());
        assertThatThrownBy(() -> model.transform(rows))
                .hasMessage("there is a column '" + name + "' already: drop it, or choose another name");
        assertThatThrownBy(() -> classifier().fit(rows)).hasMessageContaining("there is a column '" + name);
        model.set(model.getParam(name + "Col"), "label");
        assertThatThrownBy(() -> model.transform(rows())).hasMessageContaining("there is a column 'label' already");
    }

    @Test
    void aWeightThatIsNullIsSaidOrLeftOut() {
        Dataset<Row> rows = rows().withColumn("w", functions.expr("if(label = 1, 2.0, null)"));
        assertThatThrownBy(() -> classifier().setWeightCol("w").fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'w': the value is missing");
        Dataset<Row> some = rows().withColumn("w", functions.expr("if(features is null or rand(1) < 0.3, null, w)"));
        NeuralNetworkClassificationModel skipped =
                classifier().setWeightCol("w").setHandleInvalid("skip").fit(some);
        assertThat(skipped.model().parameters())
                .isEqualTo(classifier()
                        .setWeightCol("w")
                        .fit(some.where("w is not null"))
                        .model()
                        .parameters());
    }

    @Test
    void vectorsOfSeveralLengthsAreSaid() {
        Dataset<Row> rows = rows().select("label", "features")
                .union(Frames.frame(SESSION.get(), List.of(RowFactory.create(1.0, Vectors.dense(1, 2, 3)))));
        String message = "column 'features': the vector has 3 features instead of 4";
        assertThatThrownBy(() -> classifier().fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
        NeuralNetworkClassificationModel model = classifier().fit(rows());
        assertThatThrownBy(() -> model.transform(rows).collectAsList()).hasStackTraceContaining(message);
    }

    @Test
    void aMissingNumberAmongSeveralLabelsIsSaid() {
        Dataset<Row> rows = rows().withColumn("several", functions.expr("array(label, if(label = 1, null, label))"));
        assertThatThrownBy(() -> new NeuralNetworkRegressor()
                        .setLabelCol("several")
                        .setMaxIter(1)
                        .fit(rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("column 'several[1]': the value is missing");
    }

    /** Which rows there are is drawn anew each time that they are read. */
    @Test
    void aSourceThatIsNotDeterministicIsReadOnce() {
        SESSION.get()
                .udf()
                .register(
                        "drawn",
                        functions
                                .udf(() -> Math.random(), org.apache.spark.sql.types.DataTypes.DoubleType)
                                .asNondeterministic());
        Dataset<Row> rows = rows().where("drawn() < 0.5").withColumn("drawn", functions.expr("drawn()"));
        assertThat(rows.count()).isBetween(1L, 59L);
        NeuralNetworkClassificationModel model =
                classifier().setFeaturesCols("drawn").fit(rows);
        assertThat(model.summary().totalIterations()).isEqualTo(2);
    }
}
