package dev.backdraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.backdraft.activation.Relu;
import dev.backdraft.activation.Tanh;
import dev.backdraft.column.ColumnScan;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.data.Cells;
import dev.backdraft.data.Example;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkBuilder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The outputs of hidden layers, against a forward pass by hand. */
class EmbeddingTest {
    /** Features (a, b), scaled to ((a − 1)/2, (b − 2)/4); hidden units relu(a' + 2 b' + 0.5), relu(−a' + 3 b' − 1). */
    private static Model small() {
        Network network = Network.perceptron(new Relu(), 2, 2, 1);
        float[] parameters = {1, -1, 2, 3, 0.5f, -1, 7, -5, 0.25f}; // W column by column, b; the same of the outputs
        Preprocessing preprocessing = new Preprocessing(
                List.of("a", "b"), "y", List.of(), new Standardizer(new double[] {1, 2}, new double[] {2, 4}), null);
        return new Model(network, new SigmoidCrossEntropy(), preprocessing, parameters, Map.of());
    }

    @Test
    void theLastHiddenLayerIsWhatAForwardPassByHandGives() {
        Model model = small();
        // a' = 1, b' = 0.5: units 1 + 1 + 0.5 = 2.5 and −1 + 1.5 − 1 = −0.5, which becomes 0
        assertThat(model.embed(new float[] {3, 4}, Model.LAST_HIDDEN)).containsExactly(2.5f, 0);
        assertThat(model.embed(new double[] {3, 4}, Model.LAST_HIDDEN)).containsExactly(2.5f, 0);
        // a' = −1, b' = 1: units −1 + 2 + 0.5 = 1.5 and 1 + 3 − 1 = 3
        assertThat(model.embed(new float[] {-1, 6}, Model.LAST_HIDDEN)).containsExactly(1.5f, 3);
        assertThat(model.embeddingSize(Model.LAST_HIDDEN)).isEqualTo(2);
    }

    @Test
    void everyLayerCanBeAskedFor() {
        Model model = small();
        float[] row = {3, 4};
        assertThat(model.embed(row, 0)).containsExactly(2.5f, -0.5f);
        assertThat(model.embed(row, 1)).containsExactly(2.5f, 0);
        assertThat(model.embed(row, 2)).containsExactly(7 * 2.5f + 0.25f);
        assertThat(model.embeddingSize(2)).isEqualTo(1);
    }

    static List<Model> all() {
        return TestModels.all().stream()
                .filter(model -> model.network().layers().size() > 1)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("all")
    void aBatchHasTheBitsOfSingleRows(Model model) {
        int rows = 67;
        List<Example> batch = new ArrayList<>();
        for (int n = 0; n < rows; n++) {
            batch.add(Example.dense(TestModels.row(model, n), Double.NaN));
        }
        for (int layer = Model.LAST_HIDDEN; layer < model.network().layers().size(); layer++) {
            Predictor predictor = model.predictor(rows);
            predictor.load(batch);
            predictor.predict();
            Matrix embedding = predictor.embedding(layer);
            assertThat(embedding.rows()).isEqualTo(model.embeddingSize(layer));
            for (int n = 0; n < rows; n++) {
                float[] column = new float[embedding.rows()];
                for (int i = 0; i < column.length; i++) {
                    column[i] = embedding.get(i, n);
                }
                float[] single = model.embed(batch.get(n).values(), layer);
                assertThat(TestModels.bits(single)).isEqualTo(TestModels.bits(column));
            }
        }
    }

    /** The output layer takes the outputs of two layers, one after the other. */
    @Test
    void whereTheOutputLayerTakesSeveralLayersAllOfThemAreThere() {
        NetworkBuilder builder = Network.builder(2).dense(3).activation(new Tanh());
        int left = builder.last();
        builder.from(Network.INPUT).dense(2);
        int right = builder.last();
        Network network = builder.from(left, right).dense(1).build();
        Model model =
                new Model(network, new SquaredError(), Preprocessing.none(), network.initialParameters(2), Map.of());
        float[] row = {1, -2};
        float[] both = Arrays.copyOf(model.embed(row, left), 5);
        System.arraycopy(model.embed(row, right), 0, both, 3, 2);
        assertThat(model.embeddingSize(Model.LAST_HIDDEN)).isEqualTo(5);
        assertThat(model.embed(row, Model.LAST_HIDDEN)).containsExactly(both);
    }

    @Test
    void aRowOfATableIsEncoded() {
        ColumnScan scan = new ColumnScan(List.of("city"), ColumnSettings.STANDARD);
        for (int i = 0; i < 40; i++) {
            scan.add(Example.raw(Cells.of(i % 2 == 0 ? "Bern" : "Basel"), 0), () -> "a row");
        }
        var columns = scan.learn();
        Network network = Network.perceptron(new Tanh(), columns.width(), 3, 1);
        Model model = new Model(
                network,
                new SquaredError(),
                new Preprocessing(List.of("city"), "y", List.of(), null, null, columns, LabelScale.LINEAR),
                network.initialParameters(4),
                Map.of());
        Predictor predictor = model.predictor(1);
        predictor.load(List.of(Example.raw(Cells.of("Bern"), Double.NaN)));
        Matrix embedding = predictor.embedding(Model.LAST_HIDDEN);
        assertThat(model.embed(Cells.of("Bern"), Model.LAST_HIDDEN))
                .containsExactly(embedding.get(0, 0), embedding.get(1, 0), embedding.get(2, 0));
    }

    @Test
    void whatHasNoHiddenLayerIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TestModels.line().embed(new float[2], Model.LAST_HIDDEN))
                .withMessage(
                        "the network has no hidden layer: layer 0, which makes the outputs, takes the inputs themselves");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> small().embeddingSize(3))
                .withMessage(
                        "there is no layer 3: the layers are 0 to 2, -1 stands for the last hidden one, and -2 for the"
                                + " narrowest");
        assertThatIllegalArgumentException().isThrownBy(() -> small().embed(new float[2], -3));
    }
}
