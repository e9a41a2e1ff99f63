package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.backdraft.column.ColumnSettings;
import dev.backdraft.column.Encoding;
import dev.backdraft.data.Cells;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.MemorySource;
import dev.backdraft.data.Standardizer;
import dev.backdraft.data.file.CsvReader;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.json.JsonText;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Network;
import dev.backdraft.train.InitialModel;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A network that reproduces its inputs, on real data, beside principal components. */
class AutoencoderTest {
    private static final Path DATA = Path.of("src/test/resources/data");

    private static ExampleSource source(String name, String label, boolean table) throws IOException {
        DataFile file = DataFile.local(DATA.resolve(name + ".csv.gz"));
        List<String> ignored = name.equals("credit") ? List.of("fold") : List.of();
        CsvSchema schema = CsvSchema.of(CsvReader.readHeader(file), label, null, ignored);
        return ExampleFiles.csv(List.of(file), table ? schema.raw() : schema);
    }

    private static List<Example> rows(ExampleSource source) throws IOException {
        List<Example> rows = new ArrayList<>();
        try (ExampleReader reader = source.open(0)) {
            for (Example row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        return rows;
    }

    private static List<Example> iris() throws IOException {
        return rows(source("iris", "species", false));
    }

    private static TrainingDraft quick() {
        return TrainingDraft.automatic()
                .withHidden(8)
                .with("epochs", IntNode.valueOf(5))
                .asAutoencoder(TrainingDraft.CODE_SIZE_CHOSEN);
    }

    /** Without hidden layers, and at the minimum of the squared error. */
    private static TrainingDraft linear(int code) {
        return TrainingDraft.automatic()
                .withHidden()
                .with("optimizer", TextNode.valueOf("lbfgs"))
                .with("epochs", IntNode.valueOf(200))
                .with("penalty", JsonText.read("{\"l2\": 0}"))
                .with("validationFraction", DoubleNode.valueOf(0))
                .with("standardize", BooleanNode.TRUE)
                .asAutoencoder(code);
    }

    private static double meanError(Model model, List<Example> rows) {
        return Arrays.stream(errors(model, rows)).average().orElseThrow();
    }

    private static double[] errors(Model model, List<Example> rows) {
        Predictor predictor = model.predictor(rows.size());
        predictor.load(rows);
        return IntStream.range(0, rows.size())
                .mapToDouble(predictor::reconstructionError)
                .toArray();
    }

    /**
     * No map through k numbers has a smaller squared error than that onto the first k principal components: for
     * standardized features, the mean over features is the sum of the other eigenvalues of their correlations, divided
     * by the number of features (Eckart and Young 1936; Baldi and Hornik 1989 for autoencoders).
     */
    @ParameterizedTest
    @CsvSource({"iris, species, 1", "iris, species, 2", "iris, species, 3", "breast_cancer, benign, 3"})
    void aLinearOneReachesTheErrorOfPrincipalComponents(String name, String label, int code) throws IOException {
        List<Example> rows = rows(source(name, label, false));
        double[] eigenvalues = eigenvalues(correlations(rows));
        double least = Arrays.stream(eigenvalues)
                        .limit(eigenvalues.length - (long) code)
                        .sum()
                / eigenvalues.length;

        Model model = LocalTraining.train(linear(code), rows);

        assertThat(model.embeddingSize(Model.NARROWEST)).isEqualTo(code);
        assertThat(meanError(model, rows)).isBetween(least * (1 - 1e-4), least * (1 + 1e-3));
    }

    private static double[][] correlations(List<Example> rows) {
        int width = rows.get(0).width();
        double[] mean = new double[width];
        double[] deviation = new double[width];
        for (int i = 0; i < width; i++) {
            int column = i;
            mean[i] = rows.stream()
                    .mapToDouble(row -> row.value(column))
                    .average()
                    .orElseThrow();
            deviation[i] = Math.sqrt(rows.stream()
                    .mapToDouble(row -> Math.pow(row.value(column) - mean[column], 2))
                    .average()
                    .orElseThrow());
        }
        double[][] result = new double[width][width];
        for (Example row : rows) {
            for (int i = 0; i < width; i++) {
                for (int j = 0; j < width; j++) {
                    result[i][j] += (row.value(i) - mean[i])
                            / deviation[i]
                            * (row.value(j) - mean[j])
                            / deviation[j]
                            / rows.size();
                }
            }
        }
        return result;
    }

    /** The eigenvalues of a symmetric matrix in ascending order, by Jacobi's rotations; overwrites the matrix. */
    private static double[] eigenvalues(double[][] a) {
        int n = a.length;
        for (int sweep = 0; sweep < 60; sweep++) {
            for (int p = 0; p < n; p++) {
                for (int q = p + 1; q < n; q++) {
                    if (a[p][q] == 0) {
                        continue;
                    }
                    double theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
                    double t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
                    double c = 1 / Math.sqrt(t * t + 1);
                    double s = t * c;
                    for (int k = 0; k < n; k++) {
                        double kp = a[k][p];
                        double kq = a[k][q];
                        a[k][p] = c * kp - s * kq;
                        a[k][q] = s * kp + c * kq;
                    }
                    for (int k = 0; k < n; k++) {
                        double pk = a[p][k];
                        double qk = a[q][k];
                        a[p][k] = c * pk - s * qk;
                        a[q][k] = s * pk + c * qk;
                    }
                }
            }
        }
        return IntStream.range(0, n).mapToDouble(i -> a[i][i]).sorted().toArray();
    }

    @Test
    void theErrorOfFeaturesIsThatOfTheirStandardizedReconstruction() throws IOException {
        List<Example> rows = iris();
        Model model = LocalTraining.train(quick(), rows);
        Standardizer scale = model.preprocessing().features();
        assertThat(scale).isEqualTo(model.preprocessing().label()).isNotNull();
        double[] found = errors(model, rows);
        for (int n = 0; n < rows.size(); n++) {
            float[] x = rows.get(n).values();
            float[] reconstruction = model.predict(x);
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                double error = (reconstruction[i] - (double) x[i]) / scale.deviation()[i];
                sum += error * error;
            }
            assertThat(found[n]).isCloseTo(sum / x.length, within(1e-5 * (1 + sum)));
        }
    }

    @Test
    void hiddenLayersAreMirroredAroundACodeWithoutActivation() throws IOException {
        TrainingDraft draft = TrainingDraft.automatic()
                .withHidden(9, 7)
                .with("activation", TextNode.valueOf("tanh"))
                .with("dropout", DoubleNode.valueOf(0.1))
                .with("epochs", IntNode.valueOf(1))
                .asAutoencoder(2);
        Model model = LocalTraining.train(draft, iris());
        assertThat(model.network().layers().stream().map(layer -> layer.name() + layer.outputSize()))
                .containsExactly(
                        "dense9",
                        "activation9",
                        "dropout9",
                        "dense7",
                        "activation7",
                        "dropout7",
                        "dense2",
                        "dense7",
                        "activation7",
                        "dropout7",
                        "dense9",
                        "activation9",
                        "dropout9",
                        "dense4");
        assertThat(model.embed(new float[] {1, 2, 3, 4}, Model.NARROWEST))
                .hasSize(2)
                .isEqualTo(model.embed(new float[] {1, 2, 3, 4}, 6));
    }

    @ParameterizedTest
    @CsvSource({"iris, species, 2", "digits, label, 8", "breast_cancer, benign, 5"})
    void theCodeHasTheRootOfTheInputsUnlessItIsGiven(String name, String label, int size) throws IOException {
        List<Example> rows = rows(source(name, label, false));
        TrainingDraft draft = TrainingDraft.automatic()
                .with("epochs", IntNode.valueOf(1))
                .asAutoencoder(TrainingDraft.CODE_SIZE_CHOSEN);
        assertThat(LocalTraining.train(draft, rows).embeddingSize(Model.NARROWEST))
                .isEqualTo(size);
    }

    /** Standardized, a pixel that is nearly always white would count more than all others. */
    @Test
    void featuresFromZeroToOneStayAsTheyAre() throws IOException {
        List<Example> pixels = new ArrayList<>();
        for (Example row : rows(source("digits", "label", false))) {
            float[] values = row.values().clone();
            for (int i = 0; i < values.length; i++) {
                values[i] /= 16;
            }
            pixels.add(Example.dense(values, Double.NaN));
        }
        Model model = LocalTraining.train(quick(), pixels);
        assertThat(model.preprocessing().features()).isNull();
        assertThat(model.preprocessing().label()).isNull();
        assertThat(model.reconstructs()).isTrue();
    }

    @Test
    void aTableIsReproducedAsItIsEncodedAndKeepsThatInItsFile() throws IOException {
        ExampleSource table = source("credit", "Status", true);
        TrainingDraft draft = quick();
        Model trained = LocalTraining.train(draft, ColumnSettings.STANDARD, table, 1, List.of());
        assertThat(LocalTraining.train(draft, ColumnSettings.STANDARD, table, 3, List.of())
                        .weightsSha256())
                .isEqualTo(trained.weightsSha256());
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(trained, file);
        Model model = ModelFile.read(new ByteArrayInputStream(file.toByteArray()), "memory");
        assertThat(model.reconstructs()).isTrue();
        List<Example> rows = rows(table).subList(0, 300);
        double[] found = errors(model, rows);
        assertThat(found).isEqualTo(errors(trained, rows));
        for (int n = 0; n < rows.size(); n++) {
            float[] x = model.preprocessing().columns().encode(rows.get(n)).values();
            double[] reconstruction = model.predict(rows.get(n).cells());
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += (reconstruction[i] - x[i]) * (reconstruction[i] - x[i]);
            }
            assertThat(found[n]).isEqualTo(sum / x.length);
        }
    }

    /** No code of a category could be reproduced, as its number says nothing. */
    @Test
    void everyCategoryOfATableHasAFlag() throws IOException {
        ExampleSource table = source("credit", "Status", true);
        ColumnSettings few = ColumnSettings.STANDARD.withEncoding(Encoding.of("oneHotLimit=2"));
        Model model = LocalTraining.train(quick(), few, table, 1, List.of());
        assertThat(model.network().codes()).isEmpty();
        assertThat(model.network().inputSize())
                .isEqualTo(LocalTraining.train(quick(), ColumnSettings.STANDARD, table, 1, List.of())
                        .network()
                        .inputSize());
    }

    /** The widths of a flower that are those of another kind: each number is usual, but not all of them together. */
    @Test
    void anUnusualRowHasAGreatError() throws IOException {
        List<Example> rows = iris();
        Model model = LocalTraining.train(linear(2), rows);
        float[] mixed = rows.stream()
                .filter(row -> "setosa".equals(row.labelText()))
                .findFirst()
                .orElseThrow()
                .values()
                .clone();
        float[] other = rows.stream()
                .filter(row -> "virginica".equals(row.labelText()))
                .findFirst()
                .orElseThrow()
                .values();
        mixed[3] = other[3];
        double error = errors(model, List.of(Example.dense(mixed, Double.NaN)))[0];
        assertThat(error).isGreaterThan(Arrays.stream(errors(model, rows)).max().orElseThrow());
    }

    /**
     * Trained on 257 benign tumours alone, it tells the malignant ones from 100 other benign ones: the share of pairs
     * in which the malignant one has the greater error.
     */
    @Test
    void whatItHasNotSeenStandsOut() throws IOException {
        List<Example> benign = new ArrayList<>();
        List<Example> malignant = new ArrayList<>();
        for (Example row : rows(source("breast_cancer", "benign", false))) {
            (row.label() == 1 ? benign : malignant).add(row);
        }
        TrainingDraft draft = TrainingDraft.automatic().withHidden(16).asAutoencoder(5);
        Model model = LocalTraining.train(draft, benign.subList(100, benign.size()));
        double[] usual = errors(model, benign.subList(0, 100));
        double[] unusual = errors(model, malignant);
        double right = 0;
        for (double high : unusual) {
            right += Arrays.stream(usual).filter(low -> low < high).count();
        }
        assertThat(right / usual.length / unusual.length).isGreaterThan(0.9);
    }

    @Test
    void sparseRowsGiveTheBitsOfDenseOnes() throws IOException {
        List<Example> dense = iris();
        List<Example> sparse = new ArrayList<>();
        for (Example row : dense) {
            int[] indices = IntStream.range(0, row.width())
                    .filter(i -> row.values()[i] != 0)
                    .toArray();
            float[] values = new float[indices.length];
            for (int k = 0; k < values.length; k++) {
                values[k] = row.values()[indices[k]];
            }
            sparse.add(Example.sparse(indices, values, 0));
        }
        assertThat(LocalTraining.train(quick(), sparse).weightsSha256())
                .isEqualTo(LocalTraining.train(quick(), dense).weightsSha256());
    }

    /** Times of one day, in seconds since 1970: floats would lose their differences. */
    @Test
    void columnsThatAreCenteredInDoubleAreReproducedSo() throws IOException {
        List<Example> rows = new ArrayList<>();
        for (Example row : iris()) {
            double[] values = {1.7e9 + row.values()[0], row.values()[1], 1.7e9 + row.values()[0] + row.values()[2]};
            rows.add(Example.dense(values, 0));
        }
        Model model = LocalTraining.train(linear(1), rows);
        assertThat(model.preprocessing().features().centered()).containsExactly(0, 2);
        assertThat(model.preprocessing().features())
                .isEqualTo(model.preprocessing().label());
        double[] x = {1.7e9 + 5, 3, 1.7e9 + 8};
        Predictor predictor = model.predictor(1);
        predictor.load(x, 1);
        double[] reconstruction = model.predict(x);
        double sum = 0;
        for (int i = 0; i < x.length; i++) {
            double error = (reconstruction[i] - x[i])
                    / model.preprocessing().features().deviation()[i];
            sum += error * error;
        }
        assertThat(predictor.reconstructionError(0)).isCloseTo(sum / 3, within(1e-5 * (1 + sum)));
    }

    @Test
    void aTrainingFromAModelKeepsItsScales() throws IOException {
        List<Example> rows = iris();
        Model model = LocalTraining.train(quick(), rows);
        TrainingDraft further = TrainingDraft.automatic()
                .with("epochs", IntNode.valueOf(5))
                .withInitial(InitialModel.of(model))
                .asAutoencoder(TrainingDraft.CODE_SIZE_CHOSEN);
        Model trained = LocalTraining.train(further, rows.subList(0, 100));
        assertThat(trained.preprocessing().features())
                .isEqualTo(model.preprocessing().features());
        assertThat(meanError(trained, rows.subList(0, 100))).isLessThan(meanError(model, rows.subList(0, 100)));
    }

    /** Sparse rows need not have a nonzero value in the last column. */
    @Test
    void rowsAreAsWideAsTheGivenNetworkOrTheModelToStartFrom() throws IOException {
        Model model = LocalTraining.train(quick(), iris());
        List<Example> sparse = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            sparse.add(Example.sparse(new int[] {0, 2}, new float[] {i % 3, i % 5}, Float.NaN));
        }
        TrainingDraft further =
                TrainingDraft.automatic().with("epochs", IntNode.valueOf(1)).withInitial(InitialModel.of(model));
        assertThat(LocalTraining.train(further.asAutoencoder(0), sparse).network())
                .isEqualTo(model.network());
        Network network = Network.builder(4).dense(2).dense(4).build();
        TrainingDraft given =
                TrainingDraft.automatic().with("epochs", IntNode.valueOf(1)).with(network, new SquaredError());
        assertThat(LocalTraining.train(given.asAutoencoder(0), sparse).network())
                .isEqualTo(network);
    }

    @Test
    void rowsOfWeightZeroMayHaveAnyWidth() throws IOException {
        List<Example> rows = iris();
        Model without = LocalTraining.train(quick(), rows);
        List<Example> more = new ArrayList<>(rows);
        more.add(70, Example.dense(new float[7], 0).withWeight(0));
        more.add(Example.sparse(new int[] {40}, new float[] {1}, 0).withWeight(0));
        assertThat(LocalTraining.train(quick(), more).weightsSha256()).isEqualTo(without.weightsSha256());
    }

    /** Features and labels that are not scaled at all are scaled alike, but labels are no reconstruction. */
    @Test
    void aRegressionOfAsManyLabelsIsNoAutoencoder() throws IOException {
        List<Example> labelled = new ArrayList<>();
        for (Example row : iris()) {
            labelled.add(row.labelledByFeatures(4));
        }
        Network network = Network.builder(4).dense(2).dense(4).build();
        TrainingConfig config = TrainingConfig.standard().withEpochs(1);
        Model model = LocalTraining.train(TrainingRequest.of(network, config), labelled);
        assertThat(model.withPreprocessing(model.preprocessing().withNames(List.of("a", "b", "c", "d"), "p,q,r,s"))
                        .reconstructs())
                .isFalse();
    }

    /** Labels that are features can be given by hand, too, to any network and configuration. */
    @Test
    void aRequestTrainsOneOnRowsThatAreLabelledByTheirFeatures() throws IOException {
        List<Example> labelled = new ArrayList<>();
        for (Example row : iris()) {
            labelled.add(row.labelledByFeatures(4));
        }
        Network network = Network.builder(4).dense(2).dense(4).build();
        TrainingConfig config = TrainingConfig.standard().withEpochs(3);
        Model model = LocalTraining.train(TrainingRequest.of(network, config).withStandardize(true), labelled);
        assertThat(model.reconstructs()).isTrue();
        assertThat(errors(model, labelled)).doesNotContain(Double.NaN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "preset     | \"tabular\"  | preset is \"tabular\", but there is none for an autoencoder",
                "loss       | \"poisson\"  | loss: poisson does not compare numbers with numbers",
                "loss       | \"normal\"   | loss: normal does not compare numbers with numbers",
                "labelScale | \"log\"      | labelScale is log, but an autoencoder has no label",
                "threshold  | \"0.3\"      | threshold decides between two classes",
                "network    | {\"layers\": [{\"type\": \"dense\", \"outputSize\": 3}]} |"
                        + " an output for each input, but the network has 4 inputs and 3 outputs",
                "hidden     | [8, 2]       | the code has 2 units, but must have fewer than the 4 inputs and than each of"
                        + " the hidden layers [8, 2]"
            })
    void settingsOfOtherNetworksAreRefused(String key, String value, String message) throws IOException {
        JsonNode json = JsonText.read("{\"value\": " + value + "}").get("value");
        TrainingDraft draft =
                TrainingDraft.automatic().with("epochs", IntNode.valueOf(1)).with(key, json);
        List<Example> rows = iris();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(draft.asAutoencoder(key.equals("hidden") ? 2 : 0), rows))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void aCodeAsWideAsTheInputsIsRefused(int code) throws IOException {
        List<Example> rows = iris();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(linear(code), rows))
                .withMessage(
                        "the code has " + code + " units, but must have fewer than the 4 inputs: choose a smaller code,"
                                + " or give the whole network");
    }

    @Test
    void rowsThatCannotBeReproducedAreRefused() throws IOException {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(quick(), List.of()))
                .withMessageContaining("no rows to train on");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(
                        quick(), List.of(Example.dense(new float[] {1}, 0), Example.dense(new float[] {2}, 0))))
                .withMessage("an autoencoder needs at least 2 inputs, but the rows have 1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(
                        quick(), List.of(Example.dense(new float[] {1, 2}, 0), Example.dense(new float[3], 0))))
                .withMessage("row 0: a row has 2 features, but others have 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(
                        quick(), List.of(Example.dense(new float[2], 0), Example.dense(new float[] {1, Float.NaN}, 0))))
                .withMessageStartingWith("row 1: feature 1: NaN is not a finite number");
        Model other = LocalTraining.train(TrainingDraft.automatic().with("epochs", IntNode.valueOf(1)), iris());
        assertThat(other.reconstructs()).isFalse();
        Predictor predictor = other.predictor(1);
        predictor.load(new float[4], 1);
        assertThatIllegalStateException().isThrownBy(() -> predictor.reconstructionError(0));
        TrainingDraft further = TrainingDraft.automatic()
                .withInitial(InitialModel.of(other))
                .asAutoencoder(TrainingDraft.CODE_SIZE_CHOSEN);
        List<Example> rows = iris();
        assertThatIllegalArgumentException().isThrownBy(() -> LocalTraining.train(further, rows));
    }

    /** Names of people, each there once, have no flags. */
    @Test
    void aColumnOfManyTextsIsRefused() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 140_000; i++) {
            rows.add(Example.raw(Cells.of("person " + i, Integer.toString(i % 7), "" + i % 5), 0));
        }
        ExampleSource table = new MemorySource(rows, List.of("name", "a", "b"), null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LocalTraining.train(quick(), ColumnSettings.STANDARD, table, 1, List.of()))
                .isInstanceOf(DataException.class)
                .withMessageContaining("column 'name' has so many categories that they are numbered");
    }
}
