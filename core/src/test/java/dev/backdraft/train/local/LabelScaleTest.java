package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.InvalidValue;
import dev.backdraft.data.LabelScale;
import dev.backdraft.data.MemorySource;
import dev.backdraft.data.RowsFingerprint;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.explain.Contributions;
import dev.backdraft.explain.IntegratedGradients;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.json.ValueText;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.AbsoluteError;
import dev.backdraft.loss.Gamma;
import dev.backdraft.loss.Huber;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Normal;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Poisson;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.Tweedie;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A regression on a logarithmic scale of its label is the regression of the logarithms, which a user could have
 * computed before, and answers in the label's own unit.
 */
class LabelScaleTest {
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(4)
            .withBatchSize(20)
            .withLanes(2)
            .withLearningRate(0.02);

    /** A setting and how it is trained. */
    private record Case(LabelScale scale, Loss loss, boolean standardize, int labels) {
        int outputs() {
            return loss instanceof Pinball pinball ? pinball.outputs() : labels;
        }

        TrainingRequest request(LabelScale of) {
            return new TrainingRequest(
                    Network.perceptron(new Tanh(), 3, 6, outputs()), loss, CONFIG.withLabelScale(of), standardize, 0.2);
        }
    }

    static Stream<Case> cases() {
        return Stream.of(
                new Case(LabelScale.LOG, new SquaredError(), true, 1),
                new Case(LabelScale.LOG, new SquaredError(), false, 1),
                new Case(LabelScale.LOG1P, new SquaredError(), true, 1),
                new Case(LabelScale.LOG1P, new AbsoluteError(), true, 1),
                new Case(LabelScale.LOG, new Huber(), true, 1),
                new Case(LabelScale.LOG, new Pinball(), true, 1),
                new Case(LabelScale.LOG, new Pinball(), false, 1),
                new Case(LabelScale.LOG, new SquaredError(), true, 2),
                new Case(LabelScale.LOG1P, new SquaredError(), false, 2));
    }

    /** Weighted rows with amounts between about 0.1 and 10,000; of log1p, a few are 0. */
    private static List<Example> amounts(LabelScale scale, int labels) {
        SplitMix random = SplitMix.at(8, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 150; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()};
            double[] y = new double[labels];
            for (int k = 0; k < labels; k++) {
                double amount = Math.exp(3 - k + 1.5 * x[k] - x[2] + 0.3 * random.nextGaussian());
                y[k] = scale == LabelScale.LOG1P && i % 10 == 0 ? 0 : amount;
            }
            Example row = Example.dense(x, Double.NaN);
            row = labels == 1 ? row.withLabel(y[0]) : row.withLabels(y);
            rows.add(i % 4 == 0 ? row.withWeight(2) : row);
        }
        return rows;
    }

    /** The same rows with the logarithms of their labels, by the JDK. */
    private static List<Example> logarithms(List<Example> rows, LabelScale scale) {
        List<Example> logarithms = new ArrayList<>();
        for (Example row : rows) {
            double[] y = new double[row.labelCount()];
            for (int k = 0; k < y.length; k++) {
                y[k] = scale == LabelScale.LOG ? StrictMath.log(row.label(k)) : StrictMath.log1p(row.label(k));
            }
            logarithms.add(y.length == 1 ? row.withLabel(y[0]) : row.withLabels(y));
        }
        return logarithms;
    }

    private static double exp(LabelScale scale, double value) {
        return scale == LabelScale.LOG ? Math.exp(value) : Math.expm1(value);
    }

    private static List<Double> losses(List<EpochResult> results) {
        return results.stream()
                .flatMap(result -> Stream.of(result.loss(), result.validationLoss()))
                .toList();
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theWeightsAreThoseOfTheLogarithmsAndPredictionsTheirExponentials(Case of) {
        List<Example> rows = amounts(of.scale(), of.labels());
        List<EpochResult> found = new ArrayList<>();
        List<EpochResult> expected = new ArrayList<>();
        Model model = LocalTraining.train(of.request(of.scale()), rows, found::add);
        Model plain = LocalTraining.train(of.request(LabelScale.LINEAR), logarithms(rows, of.scale()), expected::add);

        assertThat(model.weightsSha256()).isEqualTo(plain.weightsSha256());
        assertThat(losses(found)).isEqualTo(losses(expected)); // the loss is that of the logarithms
        for (Example row : rows) {
            float[] logarithm = plain.predict(row.values());
            float[] amount = model.predict(row.values());
            for (int k = 0; k < amount.length; k++) {
                assertThat((double) amount[k]).isCloseTo(exp(of.scale(), logarithm[k]), within(3e-6 * (1 + amount[k])));
            }
        }
        assertThat(model.preprocessing().labelScale()).isEqualTo(of.scale());
    }

    /** Differences of the logarithms that floats would lose: amounts around 10⁹ that differ by millionths. */
    @ParameterizedTest
    @EnumSource(names = {"LOG", "LOG1P"})
    void logarithmsThatAreCenteredInDoubleLoseNoDigits(LabelScale scale) throws IOException {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            rows.add(Example.dense(new double[] {i / 100.0, 1}, 1e9 + 10.0 * i));
        }
        TrainingRequest request = new TrainingRequest(
                Network.perceptron(new Tanh(), 2, 8, 1),
                null,
                CONFIG.withEpochs(150).withLabelScale(scale),
                true,
                0);
        Model model = LocalTraining.train(request, rows);
        TrainingRequest linear = new TrainingRequest(
                request.network(), new SquaredError(), request.config().withLabelScale(LabelScale.LINEAR), true, 0);

        assertThat(model.weightsSha256())
                .isEqualTo(LocalTraining.train(linear, logarithms(rows, scale)).weightsSha256());
        assertThat(model.preprocessing().label().centered()).containsExactly(0);
        Evaluation evaluation = Evaluation.of(model, source(rows));
        assertThat(evaluation.value("r2")).isGreaterThan(0.999);
        double squares = 0;
        for (Example row : rows) {
            double error = model.predict(new double[] {row.value(0), row.value(1)})[0] - row.label();
            squares += error * error / rows.size();
        }
        assertThat(evaluation.value("rmse")).isCloseTo(Math.sqrt(squares), within(0.05));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void theModelFileKeepsTheScale(Case of) throws IOException {
        List<Example> rows = amounts(of.scale(), of.labels());
        Model model = LocalTraining.train(of.request(of.scale()), rows);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelFile.write(model, file);
        Model read = ModelFile.read(new ByteArrayInputStream(file.toByteArray()), "a file");

        assertThat(read.preprocessing().labelScale()).isEqualTo(of.scale());
        for (Example row : rows) {
            assertThat(read.predict(row.values())).isEqualTo(model.predict(row.values()));
        }
    }

    /** Sums by hand, in double, of predictions and labels in their own unit. */
    @ParameterizedTest
    @CsvSource({"LOG, true", "LOG1P, true", "LOG, false"})
    void metricsAreInTheUnitOfTheLabelAndTheLossIsNot(LabelScale scale, boolean standardize) throws IOException {
        List<Example> rows =
                amounts(scale, 1).stream().map(row -> row.withWeight(1)).toList();
        List<EpochResult> results = new ArrayList<>();
        TrainingRequest request = new TrainingRequest(
                Network.perceptron(new Tanh(), 3, 6, 1),
                null,
                CONFIG.withLabelScale(scale).withMetrics(List.of("rmse", "mae")),
                standardize,
                0);
        Model model = LocalTraining.train(request, source(rows), source(rows), 1, List.of(results::add));
        double squares = 0;
        double absolute = 0;
        double sum = 0;
        double loss = 0;
        double deviation = standardize ? model.preprocessing().label().deviation()[0] : 1;
        for (Example row : rows) {
            double predicted = model.predict(row.values())[0];
            squares += Math.pow(predicted - row.label(), 2) / rows.size();
            absolute += Math.abs(predicted - row.label()) / rows.size();
            sum += row.label() / rows.size();
            double difference = (scale.apply(predicted) - scale.apply(row.label())) / deviation;
            loss += difference * difference / rows.size();
        }
        double variance = 0;
        for (Example row : rows) {
            variance += Math.pow(row.label() - sum, 2) / rows.size();
        }
        Evaluation evaluation = Evaluation.of(model, source(rows));

        assertThat(evaluation.value("rmse")).isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
        assertThat(evaluation.value("mae")).isCloseTo(absolute, within(1e-5 * absolute));
        assertThat(evaluation.value("r2")).isCloseTo(1 - squares / variance, within(1e-5));
        assertThat(evaluation.loss()).isCloseTo(loss, within(1e-4 * loss));
        EpochResult last = results.get(results.size() - 1);
        assertThat(last.validationLoss()).isCloseTo(loss, within(1e-4 * loss));
        assertThat(last.metrics().get("rmse")).isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
        assertThat(last.metrics().get("mae")).isCloseTo(absolute, within(1e-5 * absolute));
        assertThat(new PermutationImportance()
                        .withMetric(Metrics.named("rmse"))
                        .of(model, rows)
                        .baseline())
                .isCloseTo(Math.sqrt(squares), within(1e-5 * Math.sqrt(squares)));
    }

    @Test
    void contributionsAddUpToTheDifferenceOfTheLogarithms() {
        Case of = new Case(LabelScale.LOG, new SquaredError(), true, 1);
        List<Example> rows = amounts(of.scale(), 1);
        Model model = LocalTraining.train(of.request(of.scale()), rows);
        Example base = Example.dense(new float[] {1, -1, 0.5f}, 0);
        for (Example row : rows.subList(0, 5)) {
            Contributions found = new IntegratedGradients(model, base).of(row);
            double ratio = model.predict(row.values())[0] / model.predict(base.values())[0];
            double product = 1;
            for (double contribution : found.values()) {
                product *= Math.exp(contribution);
            }
            assertThat(product).isCloseTo(ratio, within(1e-3 * ratio));
        }
    }

    /** A linear network that finds the least squares of the logarithms answers a constant by the geometric mean. */
    @Test
    void theAnswerToSkewedAmountsIsTheGeometricMeanAndNotTheMean() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            rows.add(Example.dense(new float[] {0}, i % 2 == 0 ? 1 : 100));
        }
        Model model = LocalTraining.train(
                new TrainingRequest(
                        Network.builder(1).dense(1).build(),
                        null,
                        TrainingConfig.standard().withEpochs(20).withLabelScale(LabelScale.LOG),
                        true,
                        0),
                rows);
        assertThat((double) model.predict(new float[] {0})[0]).isCloseTo(10, within(0.5)); // the mean is 50.5
    }

    @ParameterizedTest
    @CsvSource({
        "LOG, 0, '1 of 150 rows has a label that is not on the label scale log, which takes labels of more than 0: the first is"
                + " 0 in row 7; correct or leave out such rows, or choose the label scale log1p, which takes all of them'",
        "LOG, -2, 'more than 0: the first is -2 in row 7; correct or leave out such rows, or choose the label scale linear'",
        "LOG1P, -1, '1 of 150 rows has a label that is not on the label scale log1p, which takes labels of more than -1: the"
                + " first is -1 in row 7'"
    })
    void badLabelsAreRefusedBeforeTheTraining(LabelScale scale, double label, String message) {
        List<Example> rows = amounts(scale, 1);
        rows.set(7, rows.get(7).withLabel(label));
        List<EpochResult> results = new ArrayList<>();
        TrainingRequest request = new Case(scale, new SquaredError(), true, 1).request(scale);
        assertThatThrownBy(() -> LocalTraining.train(request, rows, results::add))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
        assertThat(results).isEmpty();
        rows.set(7, rows.get(7).withWeight(0));
        LocalTraining.train(request, rows); // a row of no weight is no row
    }

    @Test
    void allBadLabelsAreCountedAlsoWhereARowHasSeveral() {
        List<Example> rows = amounts(LabelScale.LOG, 2);
        rows.set(3, rows.get(3).withLabels(new double[] {1, -4.5}));
        rows.set(9, rows.get(9).withLabels(new double[] {0, 0}));
        assertThatThrownBy(() -> LocalTraining.train(
                        new Case(LabelScale.LOG, new SquaredError(), true, 2).request(LabelScale.LOG), rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("2 of 150 rows have a label")
                .hasMessageContaining("the first is -4.5 in row 3");
    }

    @Test
    void aBadLabelOfAValidationRowOrInAnEvaluationNamesTheRow() {
        List<Example> rows = amounts(LabelScale.LOG, 1);
        List<Example> bad = new ArrayList<>(rows);
        bad.set(4, bad.get(4).withLabel(-1));
        TrainingRequest request = new Case(LabelScale.LOG, new SquaredError(), true, 1)
                .request(LabelScale.LOG)
                .withValidationFraction(0);
        String message =
                "is not on the label scale log, which takes labels of more than 0: correct it, or leave the row out";
        assertThatThrownBy(() -> LocalTraining.train(request, source(rows), source(bad), 1, List.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label -1 in ")
                .hasMessageContaining(message);
        Model model = LocalTraining.train(request, rows);
        assertThatThrownBy(() -> Evaluation.of(model, source(bad)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void rowsWithBadLabelsAreSkippedOnRequestAsIfTheyWereNotThere(int labels) throws IOException {
        List<Example> rows = amounts(LabelScale.LOG, labels);
        List<Example> bad = new ArrayList<>(rows);
        bad.add(17, labels == 1 ? rows.get(1).withLabel(0) : rows.get(1).withLabels(new double[] {3, -1}));
        bad.add(60, labels == 1 ? rows.get(2).withLabel(-3) : rows.get(2).withLabels(new double[] {-3, 2}));
        TrainingRequest request = new Case(LabelScale.LOG, new SquaredError(), true, labels).request(LabelScale.LOG);
        Model expected = LocalTraining.train(request, source(rows), null, 1, List.of());

        var skipping = source(bad).skippingOffScale(LabelScale.LOG);
        assertThat(LocalTraining.train(request, skipping, null, 1, List.of()).weightsSha256())
                .isEqualTo(expected.weightsSha256());
        Evaluation evaluation = Evaluation.of(expected, skipping);
        assertThat(evaluation.rows()).isEqualTo(150);
        assertThat(evaluation.skipped().count(InvalidValue.OFF_SCALE)).isEqualTo(2);
        assertThat(evaluation.skipped())
                .hasToString("2 rows skipped: 2 with a label that the label scale does not take");
    }

    /** The scale changes how labels are learned, not what the data is. */
    @Test
    void theFingerprintIsThatOfTheRowsAsTheyAre() throws IOException {
        Case of = new Case(LabelScale.LOG, new SquaredError(), true, 1);
        List<Example> rows = amounts(LabelScale.LOG, 1);
        RowsFingerprint expected = new RowsFingerprint();
        rows.forEach(expected::add);
        Model model = LocalTraining.train(of.request(of.scale()), rows);
        assertThat(Evaluation.of(model, source(rows)).fingerprint()).isEqualTo(expected.toString());
        assertThat(Evaluation.of(model, source(rows)).seen()).isEqualTo(Evaluation.Seen.SOME);
    }

    static Stream<Loss> lossesWithoutScale() {
        return Stream.of(
                new Poisson(),
                new Gamma(),
                new Tweedie(),
                new Normal(),
                new SoftmaxCrossEntropy(),
                new SigmoidCrossEntropy());
    }

    @ParameterizedTest
    @MethodSource("lossesWithoutScale")
    void otherLossesAreRefused(Loss loss) {
        Network network = Network.builder(3).dense(2).build();
        TrainingConfig config = CONFIG.withLabelScale(LabelScale.LOG1P);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new TrainingRequest(network, loss, config, true, 0))
                .withMessageContaining("labelScale log1p is for a regression by a loss such as squared-error")
                .withMessageContaining("not for " + loss.name());
        TrainingRequest linear = new TrainingRequest(network, loss, CONFIG.withLabelScale(LabelScale.LINEAR), true, 0);
        assertThat(linear.loss()).isEqualTo(loss);
    }

    @Test
    void aTrainingStepByStepHasTheScaleOfItsConfigurationOrItsModel() {
        List<Example> rows = amounts(LabelScale.LOG, 1);
        Network network = Network.perceptron(new Tanh(), 3, 6, 1);
        TrainingConfig config = CONFIG.withLabelScale(LabelScale.LOG);
        StepTraining steps = StepTraining.start(network, new SquaredError(), config);
        StepTraining plain = StepTraining.start(network, new SquaredError(), CONFIG);
        double loss = steps.step(rows);
        assertThat(loss).isEqualTo(plain.step(logarithms(rows, LabelScale.LOG)));
        Model model = steps.model();
        assertThat(model.weightsSha256()).isEqualTo(plain.model().weightsSha256());
        assertThat(model.preprocessing().labelScale()).isEqualTo(LabelScale.LOG);

        StepTraining further = StepTraining.from(model, CONFIG); // of the model, without a word
        further.step(rows);
        assertThat(further.model().preprocessing().labelScale()).isEqualTo(LabelScale.LOG);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepTraining.from(model, CONFIG.withLabelScale(LabelScale.LOG1P)))
                .withMessage("the model has the label scale log, but the configuration log1p: leave it out");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepTraining.start(network, new Poisson(), config))
                .withMessageContaining("not for poisson");
        assertThatThrownBy(() -> further.step(List.of(rows.get(0).withLabel(0))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 0 in row 0 is not on the label scale log");
    }

    @Test
    void aTrainingThatStartsFromAModelHasItsScale() {
        List<Example> rows = amounts(LabelScale.LOG, 1);
        Case of = new Case(LabelScale.LOG, new SquaredError(), true, 1);
        Model model = LocalTraining.train(of.request(LabelScale.LOG), rows);
        assertThatThrownBy(() -> LocalTraining.train(
                        of.request(LabelScale.LINEAR), source(rows), null, 1, TrainingStart.from(model), List.of()))
                .isInstanceOf(DataException.class)
                .hasMessage("the model to start from has the label scale log, but this training linear: choose log");
    }

    /** Twelve whole numbers would be classes otherwise. */
    @Test
    void aLabelWithAScaleIsNeverAClass() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 240; i++) {
            rows.add(Example.dense(new float[] {i % 12, 1}, 1 + i % 12));
        }
        TrainingDraft draft = TrainingDraft.automatic().with("epochs", JsonNodeFactory.instance.numberNode(1));
        assertThat(LocalTraining.train(draft, rows).network().outputSize()).isEqualTo(12);
        Model model = LocalTraining.train(
                draft.with("labelScale", JsonNodeFactory.instance.textNode(ValueText.text(LabelScale.LOG))), rows);
        assertThat(model.network().outputSize()).isEqualTo(1);
        assertThat(model.loss()).isEqualTo(new SquaredError());
        assertThat(model.preprocessing().labelScale()).isEqualTo(LabelScale.LOG);
    }

    @Test
    void textsAreRefused() {
        List<Example> rows = amounts(LabelScale.LOG, 1);
        rows.set(0, rows.get(0).withLabelText("cheap", Double.NaN));
        assertThatThrownBy(() -> LocalTraining.train(
                        new Case(LabelScale.LOG, new SquaredError(), true, 1).request(LabelScale.LOG), rows))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("squared-error needs numeric labels, but found 'cheap' in row 0");
    }

    private static MemorySource source(List<Example> rows) {
        return new MemorySource(rows, List.of(), null);
    }
}
