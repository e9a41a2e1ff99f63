package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.DataException;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.file.CsvSchema;
import dev.backdraft.data.file.DataFile;
import dev.backdraft.data.file.ExampleFiles;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.json.JsonText;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.network.NetworkJson;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.train.engine.LocalPreparation;
import dev.backdraft.train.local.LocalTraining;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The settings that are chosen from the data: they learn, they are explained, and settings that are given win. */
class DefaultsTest {
    private static final int SEEDS = 3;

    @TempDir
    private Path directory;

    private ExampleSource rows(String name, List<String> lines) throws IOException {
        Path file = Files.write(directory.resolve(name), lines);
        return ExampleFiles.csv(
                List.of(DataFile.local(file)), CsvSchema.of(List.of(lines.get(0).split(",")), null, null));
    }

    private static List<String> lines(String name) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(DefaultsTest.class.getResourceAsStream("/data/" + name + ".csv.gz")),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    /**
     * The table of docs/defaults.md: every setting is chosen from the data. No seed may be worse than the figure that one run of the
     * reference implementation must reach.
     */
    @ParameterizedTest
    @CsvSource({
        "iris, 120, accuracy, 0.93",
        "breast_cancer, 455, accuracy, 0.9342",
        "diabetes, 353, rmse, 53.9007",
        "digits, 1437, accuracy, 0.9774",
        "mnist1d, 4000, accuracy, 0.5666",
        "digits, 178, accuracy, 0.85", // a small table, without a reference
    })
    void learnsWithDefaults(String name, int trainingRows, String metric, double reference) throws IOException {
        List<String> lines = lines(name);
        ExampleSource training = rows("train.csv", lines.subList(0, 1 + trainingRows));
        ExampleSource test = testRows(lines, name.equals("digits") ? 1437 : trainingRows);
        DataSummary summary = LocalPreparation.summarize(training);
        double sign = metric.equals("rmse") ? -1 : 1; // a larger figure is a better one
        for (int seed = 1; seed <= SEEDS; seed++) {
            TrainingRequest request = TrainingDraft.automatic()
                    .withSeed(seed)
                    .resolve(summary, 0, false)
                    .request();
            Model model = LocalTraining.train(request, training, null, 2, List.of());
            double figure = Evaluation.of(model, test).value(metric);
            assertThat(sign * figure).as("%s, seed %d", name, seed).isGreaterThanOrEqualTo(sign * reference);
        }
    }

    private static String page() throws IOException {
        return Files.readString(Path.of("..", "docs", "defaults.md"));
    }

    @ParameterizedTest
    @MethodSource("rules")
    void thePageHasEveryRule(String option, String rule) throws IOException {
        assertThat(page()).contains("| `" + option + "` | " + rule + " |");
    }

    private static Stream<Arguments> rules() {
        return Stream.of(
                arguments("--hidden", Defaults.HIDDEN_RULE),
                arguments("--standardize", Defaults.STANDARDIZE_RULE),
                arguments("--validation", Defaults.VALIDATION_RULE),
                arguments("--early-stopping", Defaults.EARLY_STOPPING_RULE),
                arguments("--batch-size", Defaults.BATCH_SIZE_RULE),
                arguments("--learning-rate", Defaults.LEARNING_RATE_RULE),
                arguments("--epochs", Defaults.EPOCHS_RULE),
                arguments("--l2", Defaults.L2_RULE));
    }

    private ExampleSource testRows(List<String> lines, int first) throws IOException {
        List<String> rest = new ArrayList<>(lines.subList(0, 1));
        rest.addAll(lines.subList(1 + first, lines.size()));
        return rows("test.csv", rest);
    }

    @ParameterizedTest
    @MethodSource("dev.backdraft.optim.Optimizers#all")
    void everyOptimizerLearnsIrisWithItsDefaults(Optimizer optimizer) throws IOException {
        List<String> lines = lines("iris");
        ExampleSource training = rows("train.csv", lines.subList(0, 121));
        TrainingRequest request = TrainingDraft.automatic()
                .with("optimizer", JsonNodeFactory.instance.textNode(optimizer.name()))
                .resolve(LocalPreparation.summarize(training), 0, false)
                .request();
        Model model = LocalTraining.train(request, training, null, 2, List.of());
        assertThat(Evaluation.of(model, testRows(lines, 120)).value("accuracy")).isGreaterThanOrEqualTo(0.9);
    }

    @ParameterizedTest
    @CsvSource({
        "iris, 120, cross-entropy, softmax",
        "iris, 120, kl-divergence, softmax",
        "breast_cancer, 455, binary-cross-entropy, activation",
        "breast_cancer, 455, sigmoid-cross-entropy, dense",
        "digits, 1437, poisson:form=rate, activation",
        "breast_cancer, 455, hinge, dense"
    })
    void theChosenNetworkEndsWithOutputsThatTheLossTakes(String name, int trainingRows, String loss, String last)
            throws IOException {
        List<String> lines = lines(name);
        ExampleSource training = rows("train.csv", lines.subList(0, 1 + trainingRows));
        TrainingRequest request = TrainingDraft.automatic()
                .with("loss", JsonNodeFactory.instance.textNode(loss))
                .resolve(LocalPreparation.summarize(training), 0, false)
                .request();
        JsonNode layers = NetworkJson.write(request.network()).path("layers");
        assertThat(layers.get(layers.size() - 1).path("type").textValue()).isEqualTo(last);
        Model model = LocalTraining.train(request, training, null, 2, List.of());
        boolean counts = loss.startsWith("poisson");
        double figure = Evaluation.of(model, testRows(lines, trainingRows)).value(counts ? "r2" : "accuracy");
        assertThat(figure).isGreaterThanOrEqualTo(counts ? 0.7 : 0.9);
    }

    private static DataSummary look(int rows, int features, int classes) {
        DataSummary look = new DataSummary();
        for (int i = 0; i < rows; i++) {
            float[] values = new float[features];
            values[i % features] = 2;
            look.add(Example.dense(values, i % classes), () -> "a row");
        }
        return look;
    }

    @Test
    void givenSettingsWin() {
        ObjectNode json = JsonText.read(
                """
                {"hidden": [7], "activation": "tanh", "standardize": false, "validationFraction": 0, "epochs": 3, "batchSize": 9,
                 "learningRate": 0.5, "penalty": {"l2": 0}, "earlyStopping": null}""");
        TrainingRequest request =
                TrainingDraft.of(json).resolve(look(5000, 4, 3), 0, false).request();
        assertThat(request.network().toString()).startsWith("4 -> dense 7 -> tanh -> dense 3");
        assertThat(request.standardize()).isFalse();
        assertThat(request.validationFraction()).isZero();
        assertThat(request.config())
                .isEqualTo(new TrainingConfig().withEpochs(3).withBatchSize(9).withLearningRate(0.5));
    }

    @Test
    void aResolvedDraftIsComplete() {
        TrainingRequest request =
                TrainingDraft.automatic().resolve(look(5000, 4, 3), 0, false).request();
        TrainingDraft written = TrainingDraft.of(TrainingJson.write(request));
        assertThat(written.isComplete(false)).isTrue();
        assertThat(written.resolve(null, 0, false).request()).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({
        "120, 3, 16, 250, 0, 3",
        "999, 2, 16, 32, 0, 1",
        "4000, 10, 32, 27, 0.1, 10",
        "60000, 10, 128, 20, 0.1, 10",
    })
    void rowsAndClassesDecide(int rows, int classes, int batch, int epochs, double validation, int outputs) {
        TrainingRequest request = TrainingDraft.automatic()
                .resolve(look(rows, 4, classes), 0, false)
                .request();
        assertThat(request.config().batchSize()).isEqualTo(batch);
        assertThat(request.config().epochs()).isEqualTo(epochs);
        assertThat(request.validationFraction()).isEqualTo(validation);
        assertThat(request.config().earlyStopping() != null).isEqualTo(validation > 0);
        assertThat(request.network().outputSize()).isEqualTo(outputs);
        assertThat(request.standardize()).isTrue();
    }

    @Test
    void manyDifferentNumbersAreARegression() {
        DataSummary look = look(120, 4, 60); // whole numbers, two rows each
        assertThat(TrainingDraft.automatic()
                        .resolve(look, 0, false)
                        .request()
                        .network()
                        .outputSize())
                .isOne();
    }

    @ParameterizedTest
    @CsvSource({"120, 3", "353, 8.8", "1000, 10", "60000, 10"})
    void fewRowsGetASmallPenalty(int rows, double l2) {
        TrainingRequest request =
                TrainingDraft.automatic().resolve(look(rows, 4, 3), 0, false).request();
        assertThat(request.config().penalty().l2()).isEqualTo(l2);
    }

    @Test
    void anotherRegularizationTakesThePlaceOfThePenalty() {
        for (String other : List.of("{'weightDecay': 0.01}", "{'maxNorm': 2}", "{'dropout': 0.5}")) {
            TrainingDraft draft = TrainingDraft.of(JsonText.read(other.replace('\'', '"')));
            TrainingRequest request = draft.resolve(look(5000, 4, 3), 0, false).request();
            assertThat(request.config().penalty().l2()).as(other).isZero();
        }
    }

    @Test
    void everyChoiceHasAReasonThatFitsALine() {
        TrainingDraft.Resolved resolved = TrainingDraft.automatic().resolve(look(123_456, 4, 3), 0, false);
        assertThat(resolved.chosen())
                .extracting(Chosen::setting)
                .containsExactly(
                        "hidden layers",
                        "standardize",
                        "validation",
                        "early stopping",
                        "batch size",
                        "learning rate",
                        "L2 penalty",
                        "epochs");
        DataScan scan = resolved.request().newScan();
        for (int i = 0; i < 300; i++) {
            scan.add(Example.dense(new float[] {i, 0, 0, 0}, i % 3), () -> "a row");
        }
        List<String> lines = RunDescription.of(Fit.of(resolved.request(), scan, List.of(), null), resolved.chosen());
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
        assertThat(lines.get(1)).startsWith("network: 4-64-32-3, ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "3    | note: batches of 3 rows give noisy gradients and slow epochs: try 16 or more",
                "8    | none",
                "300  | none",
                "2147483 | note: a batch of 2,147,483 rows exceeds the 300 training rows: 1 step per epoch"
            })
    void aNoteSaysWhatTheUserMayNotExpectOfTheBatchSize(int batchSize, String note) {
        TrainingRequest request = TrainingRequest.of(
                Network.builder(1).dense(1).build(), TrainingConfig.standard().withBatchSize(batchSize));
        DataScan scan = request.newScan();
        for (int i = 0; i < 300; i++) {
            scan.add(Example.dense(new float[] {i}, i / 2.0), () -> "a row");
        }
        List<String> lines = RunDescription.of(Fit.of(request, scan, List.of(), null), List.of());
        assertThat(lines.stream().filter(line -> line.startsWith("note: ")).toList())
                .isEqualTo(note == null ? List.of() : List.of(note));
        assertThat(lines).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(80));
    }

    @Test
    void nothingIsChosenWhenEverythingIsSet() {
        TrainingRequest request =
                TrainingDraft.automatic().resolve(look(5000, 4, 3), 0, false).request();
        assertThat(TrainingDraft.of(TrainingJson.write(request))
                        .resolve(null, 0, false)
                        .chosen())
                .isEmpty();
    }

    @Test
    void balancedWeightsLetClassesCountTheSame() {
        DataSummary summary = new DataSummary();
        for (int i = 0; i < 100; i++) {
            Example row = Example.dense(new float[] {i}, Double.NaN).withLabelText(i < 80 ? "no" : "yes", Double.NaN);
            summary.add(i < 90 ? row : row.withWeight(3), () -> "a row"); // 80 no, 10 + 30 yes
        }
        TrainingDraft draft = TrainingDraft.of(JsonText.read("{\"classWeights\": \"balanced\"}"));
        assertThat(draft.isComplete(false)).isFalse();
        assertThat(draft.resolve(summary, 0, false).request().config().classWeights())
                .containsExactly(120 / (2 * 80.0), 120 / (2 * 40.0));
    }

    @Test
    void balancedWeightsNeedClasses() {
        DataSummary summary = new DataSummary();
        for (int i = 0; i < 100; i++) {
            summary.add(Example.dense(new float[] {i}, i / 7.0), () -> "a row");
        }
        TrainingDraft draft = TrainingDraft.of(JsonText.read("{\"classWeights\": \"balanced\"}"));
        assertThatThrownBy(() -> draft.resolve(summary, 0, false))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("one of several classes");
    }

    @Test
    void summariesOfPartsAddUp() {
        DataSummary whole = look(5000, 4, 3);
        DataSummary sum = look(2000, 4, 3);
        DataSummary rest = new DataSummary();
        for (int i = 2000; i < 5000; i++) {
            float[] values = new float[4];
            values[i % 4] = 2;
            rest.add(Example.dense(values, i % 3), () -> "a row");
        }
        sum.add(rest);
        assertThat(sum.rows()).isEqualTo(whole.rows());
        assertThat(sum.density()).isEqualTo(whole.density()).isEqualTo(0.25);
        assertThat(sum.labelWeights()).isEqualTo(whole.labelWeights());
    }

    @Test
    void pixelsAreNotStandardized() {
        DataSummary look = new DataSummary();
        for (int i = 0; i < 100; i++) {
            float[] values = new float[64];
            values[i % 64] = 1;
            look.add(Example.dense(values, i % 2), () -> "a row");
        }
        assertThat(TrainingDraft.automatic().resolve(look, 0, false).request().standardize())
                .isFalse();
    }
}
