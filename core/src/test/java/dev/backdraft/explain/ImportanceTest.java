package dev.backdraft.explain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.data.Standardizer;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.local.LocalTraining;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Importance of features against cases whose answer is known. */
class ImportanceTest {
    private static final Preprocessing NONE = Preprocessing.none();

    /** A linear model of three features with names. */
    private static Model linear(Loss loss, Preprocessing preprocessing, float... parameters) {
        return new Model(
                Network.perceptron(new Tanh(), 3, parameters.length / 4),
                loss,
                preprocessing,
                parameters,
                Map.of("seed", "1"));
    }

    /** Rows of independent normal features of deviation 1, 1 and 2, with the label 3 x₀ − x₂ + 5. */
    private static List<Example> rows(int count) {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float[] x = {
                (float) random.nextGaussian(), (float) random.nextGaussian(), (float) (2 * random.nextGaussian())
            };
            rows.add(Example.dense(x, 3 * x[0] - x[2] + 5));
        }
        return rows;
    }

    /** E (w (x − x'))² = 2 w² Var x for the right model: 18, 0 and 8, which a model that is right has as its loss. */
    @Test
    void theLossOfARightModelRisesByTwiceTheVarianceOfTheTerm() {
        Model model = linear(new SquaredError(), NONE, 3, 0, -1, 5);
        Importances importances = new PermutationImportance().withRepeats(10).of(model, rows(4000));
        assertThat(importances.measure()).isEqualTo("loss");
        assertThat(importances.baseline()).isCloseTo(0, within(1e-9));
        assertThat(importances.rows()).isEqualTo(4000);
        assertThat(importances.features().get(0).mean()).isCloseTo(18, within(0.8));
        assertThat(importances.features().get(1)).isEqualTo(new FeatureImportance(1, "1", 0, 0));
        assertThat(importances.features().get(2).mean()).isCloseTo(8, within(0.4));
        assertThat(importances.features().get(2).deviation()).isBetween(0.01, 0.6);
        assertThat(importances.ranked()).extracting(FeatureImportance::feature).containsExactly(0, 2, 1);
    }

    /** Two rows change places or do not: the loss rises by 9 or by 0, the deviation follows from how often. */
    @Test
    void ofTwoRowsEveryValueIsKnown() {
        Model model = linear(new SquaredError(), NONE, 3, 0, 0, 0);
        List<Example> two = List.of(Example.dense(new float[] {0, 7, 7}, 0), Example.dense(new float[] {1, 8, 8}, 3));
        PermutationImportance settings = new PermutationImportance().withRepeats(20);
        FeatureImportance first = settings.of(model, two).features().get(0);
        double share = first.mean() / 9;
        assertThat(share * 20).isCloseTo(Math.rint(share * 20), within(1e-9));
        assertThat(share).isBetween(0.1, 0.9);
        assertThat(first.deviation()).isCloseTo(9 * Math.sqrt(share * (1 - share)), within(1e-9));
        ImportanceRows rows = ImportanceRows.of(model, two, 1, 2);
        for (double value : settings.values(model, rows, 0)) {
            assertThat(value == 0 || value == 9).isTrue();
        }
    }

    @Test
    void theDropOfAMetricIsPositiveForAFeatureThatCounts() {
        List<Example> rows = rows(2000).stream()
                .map(row -> row.withLabel(row.values()[0] > 0 ? 1 : 0))
                .toList();
        Model model = linear(new SigmoidCrossEntropy(), NONE, 4, 0, 0, 0);
        Importances importances = new PermutationImportance()
                .withMetric(Metrics.named("accuracy"))
                .of(model, rows);
        assertThat(importances.baseline()).isEqualTo(1);
        assertThat(importances.features().get(0).mean()).isCloseTo(0.5, within(0.03));
        assertThat(importances.features().get(1).mean()).isZero();
        Importances r2 = new PermutationImportance()
                .withMetric(Metrics.named("r2"))
                .of(linear(new SquaredError(), NONE, 3, 0, -1, 5), rows(4000));
        assertThat(r2.features().get(0).mean()).isCloseTo(18.0 / 13, within(0.08)); // Var y = 9 + 4
        assertThatIllegalArgumentException().isThrownBy(() -> new PermutationImportance()
                .withMetric(Metrics.named("r2"))
                .of(model, rows));
    }

    /** The root of the mean, not the mean of roots: √18 for the first feature. */
    @Test
    void theObjectiveOfTheMeanLossIsMeasured() {
        Model model = linear(new RootSquaredError(), NONE, 3, 0, -1, 5);
        Importances importances = new PermutationImportance().of(model, rows(4000));
        assertThat(importances.features().get(0).mean()).isCloseTo(Math.sqrt(18), within(0.15));
    }

    @Test
    void orderAndCopiesAndThreadsMakeNoDifference() {
        List<Example> rows = new ArrayList<>(rows(700));
        rows.addAll(rows.subList(0, 50));
        Model model = linear(new SquaredError(), NONE, 2, 1, -1, 4);
        PermutationImportance settings = new PermutationImportance();
        Importances expected = settings.of(model, rows);
        Importances gradient = new GradientTimesInput().of(model, rows);
        ImportanceRows sample = ImportanceRows.of(model, rows, 9, 100);
        for (int i = 0; i < 3; i++) {
            Collections.shuffle(rows, new Random(i));
            assertThat(settings.of(model, rows)).isEqualTo(expected);
            assertThat(new GradientTimesInput().of(model, rows)).isEqualTo(gradient);
            assertThat(settings.of(model, ImportanceRows.of(model, rows, 9, 100)))
                    .isEqualTo(settings.of(model, sample));
        }
        assertThat(sample.rows()).hasSize(100);
        assertThat(settings.withSeed(7).of(model, rows)).isNotEqualTo(expected);
        assertThat(ImportanceRows.of(model, rows, 10, 100).rows()).isNotEqualTo(sample.rows());
    }

    /** aₙᵢ = wᵢ xₙᵢ of a linear output, whose signed sum is the output less the bias. */
    @Test
    void theAttributionsOfALinearOutputAreItsTerms() {
        Model model = linear(new SquaredError(), NONE, 3, 10, 0, 20, -1, 30, 5, 7); // W column by column, then b
        List<Example> rows = rows(300).stream()
                .map(row -> row.withLabels(new float[] {1, 2}))
                .toList();
        float[] w = {10, 20, 30};
        Importances absolute = new GradientTimesInput(1, false).of(model, rows);
        Importances signed = new GradientTimesInput(1, true).of(model, rows);
        double sum = 0;
        for (int i = 0; i < 3; i++) {
            double mean = 0;
            double squares = 0;
            for (Example row : rows) {
                mean += Math.abs(w[i] * row.values()[i]) / rows.size();
                squares += Math.pow(w[i] * row.values()[i], 2) / rows.size();
            }
            assertThat(absolute.features().get(i).mean()).isCloseTo(mean, within(1e-5 * mean));
            assertThat(absolute.features().get(i).deviation())
                    .isCloseTo(Math.sqrt(squares - mean * mean), within(1e-4 * mean));
            sum += signed.features().get(i).mean();
        }
        assertThat(signed.measure()).isEqualTo("output 1");
        assertThat(sum).isCloseTo(signed.baseline() - 7, within(1e-4));
    }

    /** dL/dxᵢ = 2 (z − t) wᵢ of the squared error. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void theAttributionsOfTheSquaredErrorAreThoseOfTheFormula(boolean signed) {
        Model model = linear(new SquaredError(), NONE, 2, 1, -1, 4);
        List<Example> rows = new ArrayList<>();
        for (Example row : rows(300)) {
            rows.add(row.withWeight(1 + rows.size() % 3));
        }
        Importances importances = new GradientTimesInput(GradientTimesInput.LOSS, signed).of(model, rows);
        float[] w = {2, 1, -1};
        double[] expected = new double[3];
        double weights = 0;
        double loss = 0;
        for (Example row : rows) {
            float[] x = row.values();
            double residual = 2 * x[0] + x[1] - x[2] + 4 - row.label();
            for (int i = 0; i < 3; i++) {
                double attribution = x[i] * 2 * residual * w[i];
                expected[i] += row.weight() * (signed ? attribution : Math.abs(attribution));
            }
            loss += row.weight() * residual * residual;
            weights += row.weight();
        }
        for (int i = 0; i < 3; i++) {
            assertThat(importances.features().get(i).mean()).isCloseTo(expected[i] / weights, within(1e-4));
        }
        assertThat(importances.baseline()).isCloseTo(loss / weights, within(1e-4));
    }

    /** The same function of features in other units: attributions are of what the network sees, permutation sees none of it. */
    @Test
    void aModelThatStandardisesIsMeasuredAsItSees() {
        Standardizer scale = new Standardizer(new double[] {1, 0, 0}, new double[] {2, 1, 4});
        Preprocessing scaled = new Preprocessing(List.of("a", "b", "c"), "y", List.of(), scale, null);
        Model seesScaled = linear(new SquaredError(), scaled, 6, 0, -4, 8);
        Model plain = linear(new SquaredError(), NONE, 3, 0, -1, 5);
        List<Example> rows = rows(500);
        Importances importances = new GradientTimesInput(0, true).of(seesScaled, rows);
        double mean = 0;
        for (Example row : rows) {
            mean += 3 * (row.values()[0] - 1.0) / rows.size();
        }
        assertThat(importances.features().get(0).mean()).isCloseTo(mean, within(1e-5));
        assertThat(importances.features()).extracting(FeatureImportance::name).containsExactly("a", "b", "c");
        for (int i = 0; i < 3; i++) {
            assertThat(new PermutationImportance()
                            .of(seesScaled, rows)
                            .features()
                            .get(i)
                            .mean())
                    .isCloseTo(
                            new PermutationImportance()
                                    .of(plain, rows)
                                    .features()
                                    .get(i)
                                    .mean(),
                            within(1e-3));
        }
    }

    @Test
    void aTrainedNetworkLooksAtTheFeaturesThatMatter() {
        List<Example> rows = new ArrayList<>();
        for (Example row : rows(1500)) {
            float[] x = row.values();
            String kind = x[0] * x[2] > 0 ? "same" : "opposite";
            rows.add(row.withLabelText(kind, Double.NaN));
        }
        TrainingConfig config =
                TrainingConfig.standard().withEpochs(30).withBatchSize(32).withLearningRate(0.01);
        Model model = LocalTraining.train(
                TrainingRequest.of(Network.perceptron(new Tanh(), 3, 12, 2), config)
                        .withLoss(new SoftmaxCrossEntropy())
                        .withStandardize(true),
                rows.subList(0, 1000));
        List<Example> unseen = rows.subList(1000, 1500);
        for (Importances importances : List.of(
                new PermutationImportance().of(model, unseen),
                new PermutationImportance()
                        .withMetric(Metrics.named("accuracy"))
                        .of(model, unseen),
                new GradientTimesInput().of(model, unseen),
                new GradientTimesInput(1, false).of(model, unseen))) {
            assertThat(importances.ranked().get(2).feature())
                    .as("%s", importances)
                    .isEqualTo(1);
            assertThat(importances.ranked().get(1).mean())
                    .as("%s", importances)
                    .isGreaterThan(2 * importances.ranked().get(2).mean());
        }
    }

    @Test
    void sparseRowsCountAsDenseOnes() {
        Model model = linear(new SquaredError(), NONE, 2, 1, -1, 4);
        List<Example> dense = rows(200).stream()
                .map(row -> Example.dense(new float[] {row.values()[0], 0, row.values()[2]}, row.label()))
                .toList();
        List<Example> sparse = dense.stream()
                .map(row ->
                        Example.sparse(new int[] {0, 2}, new float[] {row.values()[0], row.values()[2]}, row.label()))
                .toList();
        assertThat(new PermutationImportance().of(model, sparse))
                .isEqualTo(new PermutationImportance().of(model, dense));
        assertThat(new GradientTimesInput().of(model, sparse)).isEqualTo(new GradientTimesInput().of(model, dense));
    }

    @Test
    void whatMakesNoSenseIsRefused() {
        Model model = linear(new SquaredError(), NONE, 1, 1, 1, 1);
        assertThatThrownBy(() -> new GradientTimesInput().of(model, List.of()))
                .isInstanceOf(DataException.class)
                .hasMessage("no rows to measure the importance of features on");
        assertThatThrownBy(() -> new GradientTimesInput()
                        .of(model, List.of(rows(1).get(0).withLabels(new float[] {1, 2}))))
                .isInstanceOf(DataException.class)
                .hasMessage("row 0 has 2 labels, but the network has 1 outputs");
        assertThatThrownBy(() -> new PermutationImportance().of(model, List.of(Example.dense(new float[4], 1))))
                .hasMessage("row 0 has 4 features but the model takes 3");
        assertThatThrownBy(() ->
                        new PermutationImportance().of(model, List.of(Example.dense(new float[] {1, Float.NaN, 2}, 1))))
                .hasMessage("row 0: feature 1: NaN is not a finite number: correct it or remove the row");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new GradientTimesInput(1, false).of(model, rows(2)))
                .withMessage("output 1 of a model with 1, counted from 0");
        assertThatIllegalArgumentException().isThrownBy(() -> new GradientTimesInput(-2, false));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new PermutationImportance().withRepeats(0))
                .withMessage("a column must be permuted at least once: repeats is 0");
        assertThatIllegalArgumentException().isThrownBy(() -> ImportanceRows.of(model, rows(2), 1, 0));
    }
}
