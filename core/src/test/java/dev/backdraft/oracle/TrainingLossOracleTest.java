package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.json.RecordJson;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.loss.OutputReduction;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Tweedie;
import dev.backdraft.metric.MetricSums;
import dev.backdraft.metric.Metrics;
import dev.backdraft.metric.PredictionKind;
import dev.backdraft.schedule.Schedules;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Losses with settings, against PyTorch and scikit-learn; {@code training_losses.py} made the file. */
class TrainingLossOracleTest {
    private static final String FILE = "training_losses.json";
    private static final RecordJson JSON = new RecordJson(List.of(Losses.CATALOG));

    @TestFactory
    Stream<DynamicTest> lossesGiveTheSumsAndGradientsOfOtherPrograms() {
        return Oracle.cases(FILE, "cases", one -> true, (file, one) -> {
            Loss loss = JSON.read(one.get("loss"), Losses.CATALOG);
            Matrix z = Oracle.batch(one.get("logits"));
            Matrix gradient = Matrix.zeros(z.rows(), z.columns());
            double sum = loss.sum(z, Oracle.batch(one.get("target")), null, gradient);
            assertThat(sum).isCloseTo(one.get("sum").asDouble(), within(1e-9 * (1 + Math.abs(sum))));
            assertClose("gradient", gradient.values(), numbers(one.get("gradient")), 1e-6);
            if (one.has("prediction")) {
                Matrix prediction = Matrix.zeros(z.rows(), z.columns());
                loss.predict(z, prediction);
                assertClose("prediction", prediction.values(), numbers(one.get("prediction")), RELATIVE / 100);
            }
        });
    }

    @Test
    void metricsOfAmountsAndQuantilesAreThoseOfScikitLearn() {
        JsonNode file = Oracle.read(FILE).get("metrics");
        float[] weights = Oracle.floats(file.get("weights"));
        Matrix mean = Oracle.batch(file.get("prediction"));
        Matrix amount = Oracle.batch(file.get("target"));
        for (String name : List.of("poisson-deviance", "gamma-deviance", "tweedie-deviance")) {
            MetricSums sums = new MetricSums(List.of(Metrics.named(name)), PredictionKind.VALUES, 1);
            sums.add(mean, amount, weights);
            assertMetric(sums, name, file.get(name));
        }
        MetricSums ofPower =
                new MetricSums(List.of(Metrics.named("tweedie-deviance")), new Tweedie(1.9, OutputReduction.MEAN), 1);
        ofPower.add(mean, amount, mean, amount, weights);
        assertMetric(ofPower, "tweedie-deviance", file.get("tweedie-1.9-deviance"));

        Matrix quantiles = Oracle.batch(file.get("quantiles"));
        Matrix observed = Oracle.batch(file.get("observed"));
        MetricSums sums = quantileSums();
        sums.add(quantiles, observed, quantiles, observed, weights);
        assertMetric(sums, "pinball-loss", file.get("pinball-loss"));
        assertThat(sums.quantiles().coverage()).isCloseTo(file.get("coverage").asDouble(), within(1e-12));
        assertThat(sums.value(Metrics.named("coverage-error")))
                .isCloseTo(file.get("coverage").asDouble() - 0.8, within(1e-12));
        MetricSums received = quantileSums();
        ByteBuffer bytes = ByteBuffer.allocate(sums.bytes());
        sums.write(bytes);
        received.add(MetricSums.read(bytes.flip()));
        assertMetric(received, "pinball-loss", file.get("pinball-loss"));
    }

    private static MetricSums quantileSums() {
        return new MetricSums(
                Stream.of("pinball-loss", "coverage-error", "mae")
                        .map(Metrics::named)
                        .toList(),
                new Pinball(),
                3);
    }

    private static void assertMetric(MetricSums sums, String name, JsonNode expected) {
        assertThat(sums.value(Metrics.named(name))).as(name).isCloseTo(expected.asDouble(), within(1e-6));
    }

    @TestFactory
    Stream<DynamicTest> schedulesFollowTheFormulasOfTheirPaper() {
        return Oracle.cases(FILE, "schedules", one -> true, (file, one) -> {
            double[] expected = numbers(one.get("eta"));
            for (int t = 0; t < expected.length; t++) {
                double rate = Schedules.named(one.get("name").asText())
                        .rate(one.get("eta0").asDouble(), t, expected.length - 1);
                assertThat(rate).as("rate of update %d", t).isCloseTo(expected[t], within(1e-15));
            }
        });
    }
}
