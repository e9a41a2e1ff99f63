package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.ExampleReader;
import dev.backdraft.data.ExampleSource;
import dev.backdraft.data.Standardizer;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.explain.GradientTimesInput;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A large mean with a small deviation costs no difference between rows, neither of features nor of labels. */
class CenteredInDoubleTest {
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(150).withBatchSize(32).withLearningRate(0.02);

    /** A class by the sign of x less the offset; of a second feature, an ordinary one, it does not depend. */
    private static List<Example> classes(double offset, boolean sparse) {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            int label = i % 2;
            double x = (label == 0 ? -1 : 1) * (2 + 10 * (random.nextInt(1000) / 1000.0));
            double[] features = {offset + x, random.nextInt(3)};
            Example row = Example.dense(features, label);
            rows.add(
                    !sparse || features[1] != 0
                            ? row
                            : Example.sparse(new int[] {0}, new double[] {features[0]}, label));
        }
        return rows;
    }

    private static Model train(List<Example> rows, int outputs) {
        Network network = Network.perceptron(new Tanh(), 2, 8, outputs);
        return LocalTraining.train(TrainingRequest.of(network, CONFIG).withStandardize(true), rows);
    }

    private static double[] features(Example row) {
        return new double[] {row.value(0), row.value(1)};
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1.7e9, -1e15})
    void classesAreToldApartWhateverTheOffset(double offset) throws IOException {
        List<Example> rows = classes(offset, false);
        Model model = train(rows, 1);

        for (Example row : rows) {
            assertThat(model.predictClass(features(row))).isEqualTo((int) row.label());
        }
        assertThat(Evaluation.of(model, source(rows)).value("accuracy")).isEqualTo(1);
        assertThat(model.preprocessing().features().centered()).isEqualTo(offset == 0 ? new int[0] : new int[] {0});
    }

    @Test
    void orderAndSparsityAndSourceChangeNoBits() throws IOException {
        List<Example> rows = classes(1.7e9, false);
        String expected = train(rows, 1).weightsSha256();
        List<Example> shuffled = new ArrayList<>(classes(1.7e9, true));
        Collections.shuffle(shuffled, new Random(1));

        assertThat(train(shuffled, 1).weightsSha256()).isEqualTo(expected);
        Network network = Network.perceptron(new Tanh(), 2, 8, 1);
        Model fromSource = LocalTraining.train(
                TrainingRequest.of(network, CONFIG).withStandardize(true),
                source(shuffled),
                source(rows),
                2,
                List.of());
        assertThat(fromSource.weightsSha256()).isEqualTo(expected);
    }

    @Test
    void aMissingEntryOfASparseRowIsZeroBeforeItIsCentered() {
        Standardizer standardizer =
                new Standardizer(new double[] {1, 1e9, 3, 2e9}, new double[] {1, 1, 1, 1}, new int[] {1, 3});
        Example row = Example.sparse(new int[] {0, 3}, new double[] {5, 2e9 + 0.25}, 0);

        Example centered = standardizer.center(row);

        assertThat(centered.indices()).containsExactly(0, 1, 3);
        assertThat(centered.values()).containsExactly(5, -1e9f, 0.25f);
    }

    @ParameterizedTest
    @ValueSource(doubles = {1.7e9, 1e15, -1e15})
    void aRegressionOfALargeLabelIsAsGoodAsOfASmallOne(double offset) throws IOException {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(Example.dense(new double[] {i / 100.0, 1}, offset + i));
        }
        Model model = train(rows, 1);
        Evaluation evaluation = Evaluation.of(model, source(rows));

        assertThat(evaluation.value("r2")).isGreaterThan(0.999);
        double squares = 0;
        for (Example row : rows) {
            double error = model.predict(features(row))[0] - row.label();
            squares += error * error / rows.size();
        }
        assertThat(Math.sqrt(squares)).isCloseTo(evaluation.value("rmse"), within(0.2));
        assertThat(new PermutationImportance()
                        .withMetric(Metrics.named("r2"))
                        .of(model, rows)
                        .baseline())
                .isCloseTo(evaluation.value("r2"), within(1e-9));
    }

    @Test
    void eachOfSeveralLabelsIsCenteredOnItsOwn() throws IOException {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(Example.dense(new double[] {i / 100.0, 1}, 0).withLabels(new double[] {1e15 + i, -i, 1.7e9 - i}));
        }
        Model model = train(rows, 3);

        assertThat(Evaluation.of(model, source(rows)).value("r2")).isGreaterThan(0.999);
        assertThat(model.preprocessing().label().centered()).containsExactly(0, 2);
        double[] predicted = model.predict(new double[] {1, 1});
        assertThat(predicted[0] - 1e15).isCloseTo(100, within(5.0));
        assertThat(predicted[1]).isCloseTo(-100, within(5.0));
        assertThat(predicted[2] - 1.7e9).isCloseTo(-100, within(5.0));
    }

    @Test
    void theModelFileKeepsWhatIsCenteredInDouble() throws IOException {
        List<Example> rows = classes(1.7e9, false);
        Model model = train(rows, 1);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(model, file);
        Model read = ModelFile.read(new ByteArrayInputStream(file.toByteArray()), "a file");

        assertThat(read.preprocessing().features().centered()).containsExactly(0);
        for (Example row : rows) {
            assertThat(read.predict(features(row))).isEqualTo(model.predict(features(row)));
        }
        assertThat(new GradientTimesInput().of(read, rows)).isEqualTo(new GradientTimesInput().of(model, rows));
    }

    @Test
    void constantColumnsAndColumnsOfFloatsAreAsTheyWere() {
        DataScan scan = new DataScan(3, new DataScan.Split(0, 0), true);
        for (int i = 0; i < 10; i++) {
            scan.add(Example.dense(new double[] {0.1, 16777216 + 2 * i, 0.1 * i}, 0), () -> "a row");
        }

        assertThat(scan.centering()).isNotNull(); // 0.1 might not be constant as a double
        var sums = scan.centering();
        for (int i = 0; i < 10; i++) {
            sums.add(Example.dense(new double[] {0.1, 16777216 + 2 * i, 0.1 * i}, 0));
        }
        scan.center(sums);
        assertThat(scan.featureStandardizer().centered()).isEmpty();
        assertThat(scan.featureStandardizer().deviation()[0]).isEqualTo(1);
        assertThat(scan.featureStandardizer().mean()[0]).isEqualTo(0.1f);
    }

    private static ExampleSource source(List<Example> rows) {
        return new InMemory(rows);
    }

    private record InMemory(List<Example> rows) implements ExampleSource {
        @Override
        public int parts() {
            return 1;
        }

        @Override
        public ExampleReader open(int part) {
            Iterator<Example> left = rows.iterator();
            return new ExampleReader() {
                @Override
                public Example read() {
                    return left.hasNext() ? left.next() : null;
                }

                @Override
                public String where() {
                    return "a row";
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public List<String> featureNames() {
            return List.of();
        }

        @Override
        public String labelName() {
            return null;
        }
    }
}
