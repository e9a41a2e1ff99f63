package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.BinaryScores;
import dev.backdraft.model.CalibrationCurve;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.model.Predictor;
import dev.backdraft.network.Network;
import dev.backdraft.train.Calibration;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.Threshold;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A model decides by the threshold that its training has found on the validation rows. */
class ThresholdTrainingTest {
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(5).withBatchSize(16).withLearningRate(0.02);

    static Stream<Arguments> twoClasses() {
        return Stream.of(
                Arguments.of(Network.perceptron(new Tanh(), 2, 8, 1), new SigmoidCrossEntropy()),
                Arguments.of(Network.perceptron(new Tanh(), 2, 8, 1), new Hinge()),
                Arguments.of(Network.perceptron(new Tanh(), 2, 8, 2), new SoftmaxCrossEntropy()));
    }

    /** One yes in five. */
    private static List<Example> rows(int seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            Example row = Example.dense(x, x[0] + random.nextGaussian() > 1.2 ? 1 : 0);
            rows.add(row.withWeight(1 + random.nextInt(3) / 2f));
        }
        return rows;
    }

    private static TrainingRequest request(Network network, Loss loss, TrainingConfig config) {
        return TrainingRequest.of(network, config).withLoss(loss);
    }

    private static Model train(Network network, Loss loss, TrainingConfig config, Recorder... recorders) {
        return LocalTraining.train(
                request(network, loss, config), rows(1), rows(2), TrainingStart.fromScratch(), recorders);
    }

    private static Model train(String threshold) {
        return train(
                Network.perceptron(new Tanh(), 2, 8, 1), new SigmoidCrossEntropy(), CONFIG.withThreshold(threshold));
    }

    private static float probability(Model model, Example row) {
        float[] prediction = model.predict(row.values());
        return prediction[prediction.length - 1];
    }

    private static double f1(Model model, List<Example> rows, double threshold) {
        double both = 0;
        double either = 0;
        for (Example row : rows) {
            boolean saysYes = probability(model, row) > threshold;
            both += saysYes && row.label() == 1 ? row.weight() : 0;
            either += (saysYes ? row.weight() : 0) + (row.label() == 1 ? row.weight() : 0);
        }
        return 2 * both / either;
    }

    /** Also after a calibration, which comes first and changes the probabilities. */
    @ParameterizedTest
    @MethodSource("twoClasses")
    void theThresholdIsTheBestOneOfAllValidationRows(Network network, Loss loss) {
        for (Calibration calibration : Calibration.values()) {
            TrainingConfig config =
                    CONFIG.withThreshold("f1").withCalibration(loss instanceof Hinge ? Calibration.NONE : calibration);
            Recorder recorder = new Recorder();
            Model model = train(network, loss, config, recorder);
            TreeSet<Double> candidates = new TreeSet<>();
            rows(2).forEach(row -> candidates.add((double) probability(model, row)));
            double best = candidates.stream()
                    .mapToDouble(candidate -> f1(model, rows(2), candidate))
                    .max()
                    .orElseThrow();
            assertThat(f1(model, rows(2), model.threshold())).isCloseTo(best, within(1e-12));
            assertThat(recorder.end.threshold().value()).isEqualTo(model.threshold());
            BinaryScores scores = new BinaryScores(); // of the probabilities that the model gives, calibrated ones
            rows(2).forEach(row -> scores.add(probability(model, row), row.label() == 1, row.weight()));
            assertThat(Threshold.choose(config, scores)).isEqualTo(recorder.end.threshold());
            assertThat(recorder.end.threshold().f1()).isCloseTo(best, within(1e-12));
            if (calibration != Calibration.ISOTONIC) {
                assertThat(f1(model, rows(2), 0.5)).isLessThan(best); // it matters
            }
            assertThat(model.provenance())
                    .containsEntry("thresholdRule", "f1")
                    .containsKeys("thresholdPrecision", "thresholdRecall", "thresholdF1");
            assertThat(recorder.end.sentences())
                    .anyMatch(sentence -> sentence.startsWith("threshold: " + model.threshold() + ", by f1"));
        }
    }

    @ParameterizedTest
    @MethodSource("twoClasses")
    void whateverGivesAClassUsesTheThreshold(Network network, Loss loss) throws IOException {
        Model model = train(network, loss, CONFIG.withThreshold("0.2"));
        assertThat(model.threshold()).isEqualTo(0.2);
        List<Example> rows = rows(3);
        Predictor predictor = model.predictor(rows.size());
        predictor.load(rows);
        predictor.predict();
        int moved = 0;
        int right = 0;
        for (int n = 0; n < rows.size(); n++) {
            float[] x = rows.get(n).values();
            int expected = probability(model, rows.get(n)) > 0.2 ? 1 : 0;
            assertThat(model.predictClass(x)).isEqualTo(expected);
            assertThat(model.predictClass(new double[] {x[0], x[1]})).isEqualTo(expected);
            assertThat(predictor.predictedClass(n)).isEqualTo(expected);
            moved += expected != (probability(model, rows.get(n)) > 0.5 ? 1 : 0) ? 1 : 0;
            right += expected == (int) rows.get(n).label() ? 1 : 0;
        }
        assertThat(moved).isPositive();
        Evaluation evaluation = Evaluation.of(
                model,
                new MemorySource(rows.stream().map(row -> row.withWeight(1)).toList(), List.of(), null));
        assertThat(evaluation.value("accuracy")).isEqualTo(right / 200.0);
        assertThat(evaluation.confusion().weight(0, 0) + evaluation.confusion().weight(1, 1))
                .isEqualTo(right);
        Model plain = model.withThreshold(0.5);
        assertThat(evaluation.value("calibration-error"))
                .isEqualTo(Evaluation.of(plain, new MemorySource(rows, List.of(), null))
                        .value("calibration-error"));
    }

    /** The probabilities of all validation rows are those of the regression, whatever gives them. */
    @ParameterizedTest
    @MethodSource("twoClasses")
    void anIsotonicCalibrationChangesEveryProbability(Network network, Loss loss) throws IOException {
        Model plain = train(network, loss, CONFIG);
        Recorder recorder = new Recorder();
        Model calibrated = train(network, loss, CONFIG.withCalibration(Calibration.ISOTONIC), recorder);
        assertThat(calibrated.weightsSha256()).isEqualTo(plain.weightsSha256());
        CalibrationCurve curve = recorder.end.isotonic().curve();
        assertThat(calibrated.calibration()).isEqualTo(curve);
        List<Example> rows = rows(2);
        Predictor after = calibrated.predictor(rows.size());
        after.load(rows);
        after.predict();
        double weight = 0;
        double yes = 0;
        double expected = 0;
        for (int n = 0; n < rows.size(); n++) {
            float q = (float) curve.at(probability(plain, rows.get(n)));
            assertThat(probability(calibrated, rows.get(n))).isEqualTo(q);
            assertThat(after.probability(1, n)).isEqualTo(q);
            assertThat(after.probability(0, n)).isCloseTo(1 - q, within(1e-6));
            assertThat(after.predictedClass(n)).isEqualTo(q > 0.5f ? 1 : 0);
            weight += rows.get(n).weight();
            yes += rows.get(n).label() == 1 ? rows.get(n).weight() : 0;
            expected += rows.get(n).weight() * q;
        }
        assertThat(expected / weight).isCloseTo(yes / weight, within(1e-6)); // a property of the regression
        assertThat(recorder.end.isotonic().after())
                .isLessThan(recorder.end.isotonic().before());
        assertThat(recorder.end.sentences())
                .anyMatch(sentence ->
                        sentence.startsWith("calibrated: probabilities go through an isotonic function of "));
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(calibrated, file);
        Model read = ModelFile.read(new ByteArrayInputStream(file.toByteArray()), "model");
        assertThat(probability(read, rows.get(0))).isEqualTo(probability(calibrated, rows.get(0)));
    }

    @Test
    void isotonicCalibrationIsForTwoClasses() {
        TrainingConfig config = CONFIG.withCalibration(Calibration.ISOTONIC);
        assertThatThrownBy(() -> train(Network.perceptron(new Tanh(), 2, 3), new SoftmaxCrossEntropy(), config))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("isotonic calibration is for two classes")
                .hasMessageContaining("choose temperature");
        assertThatThrownBy(
                        () -> LocalTraining.train(request(Network.perceptron(new Tanh(), 2, 1), null, config), rows(1)))
                .hasMessageContaining("calibration needs validation rows");
    }

    @Test
    void weightsAreThoseOfATrainingWithoutThreshold() {
        Model plain = train((String) null);
        Model chosen = train("cost=5");
        assertThat(chosen.weightsSha256()).isEqualTo(plain.weightsSha256());
        assertThat(plain.hasThreshold()).isFalse();
        assertThat(plain.threshold()).isEqualTo(0.5);
        assertThat(plain.provenance()).doesNotContainKey("thresholdRule");
        assertThat(chosen.threshold()).isLessThan(0.5);
        assertThat(train("cost=0.2").threshold()).isGreaterThan(0.5);
    }

    @Test
    void aPrecisionThatNoThresholdReachesLeavesTheUsualOne() {
        List<Example> noise = new ArrayList<>();
        SplitMix random = SplitMix.at(4, 0, 0, 0);
        for (int i = 0; i < 100; i++) {
            noise.add(Example.dense(new float[] {0, 0}, random.nextInt(2)));
        }
        Recorder recorder = new Recorder();
        Model model = LocalTraining.train(
                request(
                        Network.perceptron(new Tanh(), 2, 8, 1),
                        new SigmoidCrossEntropy(),
                        CONFIG.withThreshold("precision=0.9")),
                rows(1),
                noise,
                TrainingStart.fromScratch(),
                recorder);
        assertThat(model.hasThreshold()).isFalse();
        assertThat(model.provenance()).containsEntry("thresholdRule", "precision=0.9");
        assertThat(recorder.end.sentences())
                .anyMatch(sentence -> sentence.startsWith("warning: threshold precision=0.9 cannot be chosen")
                        && sentence.contains("no threshold reaches this precision; the highest is 0."));
    }

    @Test
    void theFileKeepsTheThreshold() throws IOException {
        Model model = train("f1");
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(model, file);
        Model read = ModelFile.read(new ByteArrayInputStream(file.toByteArray()), "model");
        assertThat(read.threshold()).isEqualTo(model.threshold()).isNotEqualTo(0.5);
        for (Example row : rows(3)) {
            assertThat(read.predictClass(row.values())).isEqualTo(model.predictClass(row.values()));
        }
    }

    /** The second training has no rows to choose on: the threshold is that of the first one. */
    @Test
    void aRefitKeepsTheThresholdAndSoDoesATrainingThatIsResumed() {
        TrainingConfig config =
                CONFIG.withEpochs(20).withThreshold("cost=5").withEarlyStopping(new EarlyStopping("loss", 2, 0, true));
        TrainingConfig once = config.withEarlyStopping(new EarlyStopping("loss", 2, 0, false));
        Network network = Network.perceptron(new Tanh(), 2, 8, 1);
        Recorder recorder = new Recorder();
        Model refitted =
                LocalTraining.train(request(network, null, config).withValidationFraction(0.3), rows(1), recorder);
        Model first = LocalTraining.train(request(network, null, once).withValidationFraction(0.3), rows(1));
        assertThat(refitted.provenance()).containsKey("refitRows");
        assertThat(refitted.threshold()).isEqualTo(first.threshold()).isNotEqualTo(0.5);
        for (byte[] checkpoint : recorder.checkpoints) {
            Model resumed = LocalTraining.train(
                    request(network, null, config).withValidationFraction(0.3),
                    rows(1),
                    List.of(),
                    fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "checkpoint"));
            assertThat(resumed.threshold()).isEqualTo(refitted.threshold());
            assertThat(resumed.weightsSha256()).isEqualTo(refitted.weightsSha256());
        }
    }

    @Test
    void manyThreadsFindTheSameThreshold() throws IOException {
        List<Double> found = new ArrayList<>();
        for (int threads : new int[] {1, 2, 5}) {
            Model model = LocalTraining.train(
                    request(Network.perceptron(new Tanh(), 2, 8, 1), null, CONFIG.withThreshold("cost=3")),
                    new MemorySource(rows(1), List.of(), null),
                    new MemorySource(rows(2), List.of(), null),
                    threads,
                    List.of());
            found.add(model.threshold());
        }
        assertThat(found).containsOnly(train("cost=3").threshold());
    }

    /** Of several questions, one threshold decides all. */
    @Test
    void severalQuestionsHaveOneThreshold() {
        List<Example> rows = new ArrayList<>();
        SplitMix random = SplitMix.at(6, 0, 0, 0);
        for (int i = 0; i < 200; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] labels = {x[0] + random.nextGaussian() > 1 ? 1 : 0, x[1] > 1 ? 1 : 0};
            rows.add(Example.dense(x, Double.NaN).withLabels(labels));
        }
        Model model = LocalTraining.train(
                request(Network.perceptron(new Tanh(), 2, 8, 2), null, CONFIG.withThreshold("f1")),
                rows,
                rows,
                TrainingStart.fromScratch());
        List<Example> asOne = new ArrayList<>();
        List<Float> probabilities = new ArrayList<>();
        for (Example row : rows) {
            float[] prediction = model.predict(row.values());
            for (int k = 0; k < 2; k++) {
                probabilities.add(prediction[k]);
                asOne.add(Example.dense(row.values(), row.labels()[k]));
            }
        }
        double best = 0;
        for (float candidate : probabilities) {
            best = Math.max(best, f1(asOne, probabilities, candidate));
        }
        assertThat(f1(asOne, probabilities, model.threshold())).isCloseTo(best, within(1e-12));
    }

    private static double f1(List<Example> answers, List<Float> probabilities, double threshold) {
        double both = 0;
        double either = 0;
        for (int i = 0; i < answers.size(); i++) {
            boolean yes = answers.get(i).label() == 1;
            boolean saysYes = probabilities.get(i) > threshold;
            both += yes && saysYes ? 1 : 0;
            either += (yes ? 1 : 0) + (saysYes ? 1 : 0);
        }
        return 2 * both / either;
    }

    @Test
    void whatHasNoTwoClassesIsRefused() {
        Network one = Network.perceptron(new Tanh(), 2, 1);
        assertThatThrownBy(() -> train(one, new SquaredError(), CONFIG.withThreshold("0.3")))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "threshold decides between two classes, but a network that is trained with squared-error and has 1"
                                + " output does not predict two: train without threshold");
        Network three = Network.perceptron(new Tanh(), 2, 3);
        assertThatThrownBy(() -> train(three, new SoftmaxCrossEntropy(), CONFIG.withThreshold("f1")))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("softmax-cross-entropy and has 3 outputs does not predict two");
        Model model = train(three, new SoftmaxCrossEntropy(), CONFIG);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> model.withThreshold(0.3))
                .withMessage("a threshold decides between two classes, but the model has 3");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train((String) null).withThreshold(1))
                .withMessage("the threshold must be above 0 and below 1: 1.0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"f1", "precision=0.9", "cost=5"})
    void aRuleWithoutValidationRowsIsRefusedBeforeTheFirstEpoch(String rule) {
        Network network = Network.perceptron(new Tanh(), 2, 1);
        Recorder recorder = new Recorder();
        assertThatThrownBy(() ->
                        LocalTraining.train(request(network, null, CONFIG.withThreshold(rule)), rows(1), recorder))
                .isInstanceOf(DataException.class)
                .hasMessage(
                        "threshold " + rule + " is chosen on validation rows, but there are none: choose a validation"
                                + " fraction, name a file of validation rows, or give the threshold as a number");
        assertThat(recorder.epochs).isEmpty();
        assertThat(LocalTraining.train(request(network, null, CONFIG.withThreshold("0.3")), rows(1))
                        .threshold())
                .isEqualTo(0.3);
    }

    @Test
    void jsonHasANumberOrAText() {
        for (String threshold : new String[] {"0.3", "f1", "precision=0.9", "cost=5", null}) {
            TrainingConfig config = CONFIG.withThreshold(threshold);
            var json = TrainingJson.write(config);
            assertThat(json.get("threshold").isNumber()).isEqualTo("0.3".equals(threshold));
            assertThat(TrainingJson.config(json, TrainingConfig.standard())).isEqualTo(config);
        }
    }
}
