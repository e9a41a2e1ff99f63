package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.List;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.ml.linalg.Vector;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.Params;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.api.java.UDF1;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.DataTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Stages that go over the wire, as in a user's function, an RDD's or a broadcast. */
class SerializationTest {
    @RegisterExtension
    static final TestSession SPARK = new TestSession();

    @SuppressWarnings({"unchecked", "BanSerializableRead"}) // what has just been written
    private static <T extends Params> T copy(T stage) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(stage);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            T copy = (T) in.readObject();
            assertThat(copy.uid()).isEqualTo(stage.uid());
            for (Param<?> param : stage.params()) {
                assertThat(explained(copy, copy.getParam(param.name()))).isEqualTo(explained(stage, param));
            }
            return copy;
        }
    }

    private static String explained(Params stage, Param<?> param) {
        return stage.explainParam(param).replaceAll("@[0-9a-f]+", ""); // arrays are told by their places in memory
    }

    @Test
    void aClassifierAndItsModelAreTheSameBehindATransfer() throws Exception {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassifier classifier = Samples.classifier().setActivation("tanh");
        NeuralNetworkClassificationModel model = classifier.fit(rows);
        NeuralNetworkClassificationModel sent = copy(model);
        for (Row row : rows.collectAsList()) {
            Vector features = row.getAs("features");
            assertThat(sent.predictRaw(features)).isEqualTo(model.predictRaw(features));
            assertThat(sent.predict(features)).isEqualTo(model.predict(features));
        }
        assertThat(sent.transform(rows).collectAsList())
                .isEqualTo(model.transform(rows).collectAsList());
        NeuralNetworkClassifier again = copy(classifier);
        assertThat(again.fit(rows).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
        assertThat(again.setStepSize(1).getStepSize()).isEqualTo(1);
    }

    @Test
    void aRegressorAndItsModelAreTheSameBehindATransfer() throws Exception {
        Dataset<Row> rows = Frames.values(SPARK.get(), 60, 1);
        NeuralNetworkRegressor regressor = Samples.regressor();
        NeuralNetworkRegressionModel model = regressor.fit(rows);
        NeuralNetworkRegressionModel sent = copy(model);
        for (Row row : rows.collectAsList()) {
            assertThat(sent.predict(row.getAs("features"))).isEqualTo(model.predict(row.getAs("features")));
        }
        assertThat(copy(regressor).fit(rows).model().weightsSha256())
                .isEqualTo(model.model().weightsSha256());
    }

    @Test
    void aModelServesFunctionsRddsAndBroadcasts() {
        Dataset<Row> rows = Frames.classes(SPARK.get(), 3, 60, 1);
        NeuralNetworkClassificationModel model = Samples.classifier().fit(rows);
        List<Double> expected = model.transform(rows).select("prediction").collectAsList().stream()
                .map(row -> row.getDouble(0))
                .toList();
        UDF1<Vector, Double> function = model::predict;
        assertThat(rows
                        .select(functions.udf(function, DataTypes.DoubleType).apply(functions.col("features")))
                        .collectAsList()
                        .stream()
                        .map(row -> row.getDouble(0)))
                .isEqualTo(expected);
        assertThat(rows.javaRDD()
                        .map(row -> row.<Vector>getAs("features"))
                        .map(model::predict)
                        .collect())
                .isEqualTo(expected);
        Broadcast<NeuralNetworkClassificationModel> sent =
                JavaSparkContext.fromSparkContext(SPARK.get().sparkContext()).broadcast(model);
        assertThat(rows.javaRDD()
                        .map(row -> sent.value().predict(row.getAs("features")))
                        .collect())
                .isEqualTo(expected);
    }
}
