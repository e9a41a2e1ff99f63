package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.evaluate.Evaluation;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Gamma;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Normal;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Tweedie;
import dev.backdraft.metric.Metrics;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.schedule.FlatCosine;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Several outputs that describe the distribution of one label. */
class DistributionTest {
    private static final double Z_90 = 1.2815515655446004; // the quantile 0.9 of the standard normal distribution

    /** A label whose mean is {@code place + 200 x} and whose deviation is 10 for x &lt; 0, and 40 else. */
    private static List<Example> rows(int seed, int count, double place) {
        SplitMix random = SplitMix.at(seed, 1, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float x = (float) (2 * random.nextDouble() - 1);
            double label = place + 200 * x + (x < 0 ? 10 : 40) * random.nextGaussian();
            rows.add(Example.dense(new float[] {x}, label));
        }
        return rows;
    }

    private static Model train(Loss loss, int outputs, List<Example> rows, boolean standardize) {
        TrainingConfig config = TrainingConfig.standard()
                .withEpochs(60)
                .withBatchSize(50)
                .withLearningRate(0.01)
                .withSchedule(new FlatCosine());
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 1, 16, outputs), config)
                .withLoss(loss)
                .withStandardize(standardize);
        return LocalTraining.train(request, rows);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3, 1e9}) // the last is centered in double
    void aMeanAndADeviationAreInTheUnitOfTheLabel(double place) throws IOException {
        Model model = reread(train(new Normal(), 2, rows(1, 3000, place), true));
        double[] low = model.predict(new double[] {-0.5});
        assertThat(low[0]).isCloseTo(place - 100, within(10.0));
        assertThat(low[1]).isCloseTo(10, within(4.0));
        double[] high = model.predict(new double[] {0.5});
        assertThat(high[0]).isCloseTo(place + 100, within(15.0));
        assertThat(high[1]).isCloseTo(40, within(8.0));

        Evaluation evaluation = Evaluation.of(model, MemorySource.of(rows(2, 1000, place), 3));
        assertThat(evaluation.value("rmse")).isBetween(20.0, 35.0); // of the mean
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1e3, 1e9})
    void quantilesAreInTheUnitOfTheLabelAndCoverTheirShare(double place) throws IOException {
        Model model = reread(train(new Pinball(), 3, rows(1, 3000, place), true));
        double[] high = model.predict(new double[] {0.5});
        assertThat(high[0]).isCloseTo(place + 100 - 40 * Z_90, within(20.0));
        assertThat(high[1]).isCloseTo(place + 100, within(15.0));
        assertThat(high[2]).isCloseTo(place + 100 + 40 * Z_90, within(20.0));

        List<Example> held = rows(2, 1000, place);
        for (Example row : held) {
            double[] quantiles = model.predict(new double[] {row.values()[0]});
            assertThat(quantiles).isSorted();
        }
        Evaluation evaluation = Evaluation.of(model, MemorySource.of(held, 3));
        assertThat(evaluation.metrics())
                .isEqualTo(Stream.of("pinball-loss", "coverage-error", "mae")
                        .map(Metrics::named)
                        .toList());
        assertThat(evaluation.value("coverage-error")).isCloseTo(0, within(0.06));
        assertThat(evaluation.value("pinball-loss")).isBetween(2.0, 10.0); // in the unit of the label
        assertThat(evaluation.value("mae")).isBetween(12.0, 28.0); // of the median
    }

    @Test
    void withoutScalesTheUnitIsTheSame() {
        List<Example> small = rows(1, 2000, 0).stream()
                .map(row -> row.withLabel((float) (row.label() / 100)))
                .toList();
        double[] normal = train(new Normal(), 2, small, false).predict(new double[] {0.5});
        assertThat(normal[0]).isCloseTo(1, within(0.15));
        assertThat(normal[1]).isCloseTo(0.4, within(0.1));
        double[] quantiles = train(new Pinball(), 3, small, false).predict(new double[] {0.5});
        assertThat(quantiles[1]).isCloseTo(1, within(0.15));
    }

    @Test
    void gammaAndTweediePredictTheMeanOfAmounts() {
        List<Example> amounts = IntStream.range(0, 3000)
                .mapToObj(i -> {
                    SplitMix random = SplitMix.at(3, i, 0, 0);
                    float x = (float) (2 * random.nextDouble() - 1);
                    double exponential = -Math.log(1 - random.nextDouble()); // gamma of shape 1
                    return Example.dense(new float[] {x}, (float) (Math.exp(1 + x) * exponential + 1e-6));
                })
                .toList();
        Model gamma = train(new Gamma(), 1, amounts, true);
        double ratios = 0;
        for (Example row : amounts) {
            ratios += row.label() / gamma.predict(row.values())[0];
        }
        assertThat(ratios / amounts.size()).isCloseTo(1, within(0.1)); // where the gradient of the bias is 0
        assertThat(gamma.predict(new double[] {0.5})[0]).isBetween(0.7 * Math.exp(1.5), 1.4 * Math.exp(1.5));
        List<Example> withZeros = IntStream.range(0, amounts.size())
                .mapToObj(i -> i % 2 == 0 ? amounts.get(i) : amounts.get(i).withLabel(0))
                .toList();
        assertThat(train(new Tweedie(), 1, withZeros, true).predict(new double[] {0.5})[0])
                .isBetween(0.35 * Math.exp(1.5), 0.7 * Math.exp(1.5));
        assertRefused(
                new Gamma(),
                1,
                withZeros,
                "label 0 in row 1 is out of range: gamma takes labels of more than 0; change the label column or"
                        + " the labels, or"
                        + " choose another loss");
    }

    @Test
    void outputsAndLabelsThatDoNotFitAreRefusedBeforeTheTraining() {
        assertRefused(
                new Pinball(),
                2,
                rows(1, 20, 0),
                "pinball needs 3 outputs, but the network has 2: end the layers with 3");
        assertRefused(
                new Pinball(List.of(0.9)),
                2,
                rows(1, 20, 0),
                "pinball needs 1 output, but the network has 2: end the layers with 1");
        List<Example> several = rows(1, 20, 0).stream()
                .map(row -> row.withLabels(new float[] {1, 2}))
                .toList();
        assertRefused(
                new Normal(),
                2,
                several,
                "normal predicts the distribution of one label, but the rows have 2 labels: name one label column");
    }

    private static void assertRefused(Loss loss, int outputs, List<Example> rows, String message) {
        assertThatThrownBy(() -> train(loss, outputs, rows, true))
                .isInstanceOf(DataException.class)
                .hasMessage(message);
    }

    private static Model reread(Model model) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelFile.write(model, bytes);
        return ModelFile.read(new ByteArrayInputStream(bytes.toByteArray()), "test");
    }
}
