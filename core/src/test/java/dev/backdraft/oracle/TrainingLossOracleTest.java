package dev.backdraft.oracle;

import static dev.backdraft.oracle.Oracle.RELATIVE;
import static dev.backdraft.oracle.Oracle.assertClose;
import static dev.backdraft.oracle.Oracle.numbers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.json.RecordJson;
import dev.backdraft.linalg.Matrix;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.schedule.Schedules;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Losses with settings, against PyTorch and scikit-learn; {@code training_losses.py} made the file. */
class TrainingLossOracleTest {
    private static final String FILE = "training_losses.json";
    private static final RecordJson JSON = new RecordJson(List.of(Losses.CATALOG));

    @TestFactory
    Stream<DynamicTest> lossesGiveTheSumsAndGradientsOfOtherPrograms() {
        return Oracle.cases(
                FILE,
                "cases",
                one -> Losses.CATALOG.all().stream()
                        .anyMatch(l -> l.name().equals(one.get("name").asText())),
                (file, one) -> {
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
