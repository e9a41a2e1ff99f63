package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.data.CsvSchema;
import dev.backdraft.data.DataFile;
import dev.backdraft.data.DataSummary;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.json.JsonText;
import dev.backdraft.layer.Relu;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a training does when nothing is said: that it learns, and that what is said wins. */
class DefaultsTest {
    private static final int SEEDS = 3;

    @TempDir
    private Path directory;

    private ExampleSource rows(String name, List<String> lines) throws IOException {
        Path file = Files.write(directory.resolve(name), lines);
        return ExampleSource.csv(
                List.of(DataFile.local(file)), CsvSchema.of(List.of(lines.get(0).split(",")), null, null));
    }

    private static List<String> lines(String name) throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(
                new GZIPInputStream(DefaultsTest.class.getResourceAsStream("/data/" + name + ".csv.gz")),
                StandardCharsets.UTF_8))) {
            return reader.lines().toList();
        }
    }

    /** Figures are those of three seeds: none worse than {@code worst}, and the mean no worse than {@code mean}. */
    @ParameterizedTest
    @CsvSource({
        "iris, 120, accuracy, 0.8967, 0.93",
        "breast_cancer, 455, accuracy, 0.9342, 0.9342",
        "diabetes, 353, rmse, 55.8, 55.8"
    })
    void smallTablesAreLearned(String name, int trainingRows, String metric, double worst, double mean)
            throws IOException {
        List<String> lines = lines(name);
        ExampleSource training = rows("train.csv", lines.subList(0, 1 + trainingRows));
        List<String> rest = new ArrayList<>(lines.subList(0, 1));
        rest.addAll(lines.subList(1 + trainingRows, lines.size()));
        ExampleSource test = rows("test.csv", rest);
        DataSummary look = LocalTraining.summarize(training);
        double sign = metric.equals("rmse") ? -1 : 1; // a larger figure is a better one
        double sum = 0;
        for (int seed = 1; seed <= SEEDS; seed++) {
            TrainingRequest request = TrainingDraft.automatic()
                    .withSeed(seed)
                    .resolve(look, 0, false)
                    .request();
            Model model = LocalTraining.train(request, training, null, 1, List.of());
            double figure = Evaluation.of(model, test).value(metric);
            assertThat(sign * figure).as("%s, seed %d", name, seed).isGreaterThanOrEqualTo(sign * worst);
            sum += figure;
        }
        assertThat(sign * sum / SEEDS).as(name).isGreaterThanOrEqualTo(sign * mean);
    }

    /** What docs/coming-from-multilayer-perceptron-classifier.md shows. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void theLayersOfAPerceptronLearnIris(int seed) throws IOException {
        List<String> lines = lines("iris");
        ExampleSource training = rows("train.csv", lines.subList(0, 121));
        List<String> rest = new ArrayList<>(lines.subList(0, 1));
        rest.addAll(lines.subList(121, lines.size()));
        TrainingRequest request = TrainingDraft.automatic()
                .withSeed(seed)
                .with(Network.perceptron(new Relu(), 4, 16, 3), new SoftmaxCrossEntropy())
                .resolve(LocalTraining.summarize(training), 0, false)
                .request();
        Model model = LocalTraining.train(request, training, null, 1, List.of());
        assertThat(Evaluation.of(model, rows("test.csv", rest)).value("accuracy"))
                .isGreaterThanOrEqualTo(0.9);
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
    void whatIsSaidWins() {
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
    void whatIsSettledIsComplete() {
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
    void numbersThatAreNoClassesAreARegression() {
        DataSummary look = look(120, 4, 60); // whole numbers, two rows each
        assertThat(TrainingDraft.automatic()
                        .resolve(look, 0, false)
                        .request()
                        .network()
                        .outputSize())
                .isOne();
    }

    @Test
    void picturesStayAsTheyAre() {
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
