package dev.backdraft.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.explain.PermutationImportance;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.Hinge;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Normal;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Poisson;
import dev.backdraft.loss.RootSquaredError;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.metric.Collected;
import dev.backdraft.metric.Metric;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.local.LocalTraining;
import dev.backdraft.train.local.MemorySource;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Validation, evaluation and the importance of features measure the same rows alike: the loss and every other metric.
 */
class OneMeasureTest {
    static List<Loss> losses() {
        return List.of(
                new SquaredError(),
                new RootSquaredError(),
                new Poisson(),
                new Pinball(),
                new Normal(),
                new SigmoidCrossEntropy(),
                new Hinge(),
                new SoftmaxCrossEntropy());
    }

    private static List<Example> rows(Loss loss, int seed, int count) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float a = (float) random.nextGaussian();
            float b = (float) random.nextGaussian();
            double label =
                    switch (loss.target()) {
                        case VALUE -> 100 * a - 20 * b + 500;
                        case CLASS_INDEX -> a > 0.5 ? 2 : b > 0 ? 1 : 0;
                        case COUNT -> random.nextInt(a > 0 ? 6 : 3);
                        default -> a + 0.3 * random.nextGaussian() > 0 ? 1 : 0;
                    };
            rows.add(Example.dense(new float[] {a, b}, label));
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyMetricHasOneValueWhoeverMeasuresIt(Loss loss) throws IOException {
        List<Metric> metrics = Metrics.all().stream()
                .filter(metric -> metric.suits(PredictionKind.of(loss)))
                .toList();
        TrainingConfig config = TrainingConfig.standard()
                .withEpochs(3)
                .withBatchSize(20)
                .withLearningRate(0.01)
                .withMetrics(metrics.stream().map(Metric::label).toList());
        Network network = Network.perceptron(
                new Tanh(),
                2,
                6,
                loss.target().isOneOfMany() || loss instanceof Pinball ? 3 : loss instanceof Normal ? 2 : 1);
        List<Example> held = rows(loss, 2, 300);
        List<EpochResult> results = new ArrayList<>();
        Model model = LocalTraining.train(
                TrainingRequest.of(network, config).withLoss(loss).withStandardize(true),
                rows(loss, 1, 200),
                held,
                TrainingStart.fromScratch(),
                results::add);
        Evaluation evaluation = Evaluation.of(model, MemorySource.of(held, 3), metrics);
        for (Metric metric : metrics) {
            double expected = evaluation.value(metric);
            if (metric.collects().contains(Collected.DEVIANCES)) {
                continue; // not defined where a prediction is negative
            }
            assertThat(expected).as(metric.label()).isFinite();
            double tolerance = 1e-5 * Math.max(1, Math.abs(expected));
            assertThat(results.get(2).value(metric.label()))
                    .as("%s of validation", metric.label())
                    .isCloseTo(expected, within(tolerance));
            assertThat(new PermutationImportance()
                            .withMetric(metric)
                            .withRepeats(1)
                            .of(model, held)
                            .baseline())
                    .as("%s of importance", metric.label())
                    .isCloseTo(expected, within(tolerance));
        }
        assertThat(evaluation.value("loss"))
                .isEqualTo(evaluation.loss())
                .isCloseTo(results.get(2).validationLoss(), within(1e-5));
    }
}
