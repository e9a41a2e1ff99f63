package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.metric.BinaryScores;
import dev.backdraft.model.CalibrationCurve;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Isotonic calibration, against scikit-learn and by what it must not depend on. */
class IsotonicTest {
    private static List<Double> numbers(JsonNode array) {
        List<Double> numbers = new ArrayList<>();
        array.forEach(entry -> numbers.add(entry.asDouble()));
        return numbers;
    }

    @Test
    void theFunctionIsThatOfScikitLearn() throws IOException {
        JsonNode cases;
        try (InputStream in = IsotonicTest.class.getResourceAsStream("/oracle/isotonic.json")) {
            cases = new ObjectMapper().readTree(in).path("cases");
        }
        assertThat(cases).hasSize(12);
        for (JsonNode of : cases) {
            List<Double> scores = numbers(of.path("scores"));
            List<Double> truth = numbers(of.path("truth"));
            List<Double> weights = numbers(of.path("weights"));
            BinaryScores rows = new BinaryScores();
            for (int i = 0; i < scores.size(); i++) {
                rows.add(
                        scores.get(i).floatValue(),
                        truth.get(i) == 1,
                        weights.get(i).floatValue());
            }
            Isotonic isotonic = Isotonic.of(rows);
            assertThat(isotonic.curve().score()).isEqualTo(numbers(of.path("x")));
            List<Double> y = numbers(of.path("y"));
            for (int i = 0; i < y.size(); i++) {
                assertThat(isotonic.curve().probability().get(i)).isCloseTo(y.get(i), within(1e-12));
            }
            List<Double> grid = numbers(of.path("grid"));
            List<Double> values = numbers(of.path("values"));
            for (int i = 0; i < grid.size(); i++) {
                assertThat(isotonic.curve().at(grid.get(i))).isCloseTo(values.get(i), within(1e-12));
            }
            double before = 0;
            double after = 0;
            double weight = 0;
            for (int i = 0; i < scores.size(); i++) {
                before += weights.get(i) * logLoss(scores.get(i), truth.get(i));
                after += weights.get(i) * logLoss(isotonic.curve().at(scores.get(i)), truth.get(i));
                weight += weights.get(i);
            }
            assertThat(isotonic.before()).isCloseTo(before / weight, within(1e-9));
            assertThat(isotonic.after()).isCloseTo(after / weight, within(1e-9));
        }
    }

    private static double logLoss(double p, double truth) {
        return -Math.max(-100, Math.log(truth == 1 ? p : 1 - p));
    }

    @Test
    void theOrderOfTheRowsMakesNoDifference() {
        Random random = new Random(4);
        List<float[]> rows = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            float score = random.nextInt(20) / 20f;
            float weight = (float) Math.pow(10, random.nextInt(13) - 6) * (1 + random.nextFloat());
            rows.add(new float[] {score, random.nextFloat() < score ? 1 : 0, weight});
        }
        List<Isotonic> found = new ArrayList<>();
        for (int order = 0; order < 5; order++) {
            Collections.shuffle(rows, random);
            BinaryScores scores = new BinaryScores();
            rows.forEach(row -> scores.add(row[0], row[1] == 1, row[2]));
            found.add(Isotonic.of(scores));
        }
        assertThat(found).containsOnly(found.get(0));
    }

    @Test
    void withoutRowsOrWithNaNThereIsNone() {
        assertThat(Isotonic.of(new BinaryScores())).isNull();
        BinaryScores undefined = new BinaryScores();
        undefined.add(0.5f, true, 1);
        undefined.add(Float.NaN, false, 1);
        assertThat(Isotonic.of(undefined)).isNull();
    }

    @Test
    void aCurveIsCheckedAndConstantOutside() {
        CalibrationCurve curve = new CalibrationCurve(List.of(0.2, 0.4, 0.8), List.of(0.1, 0.1, 0.9));
        assertThat(curve.at(0)).isEqualTo(0.1);
        assertThat(curve.at(0.4)).isEqualTo(0.1);
        assertThat(curve.at(0.6)).isCloseTo(0.5, within(1e-12));
        assertThat(curve.at(1)).isEqualTo(0.9);
        assertThat(curve.at(Double.NaN)).isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CalibrationCurve(List.of(0.2, 0.1), List.of(0.1, 0.2)))
                .withMessageContaining("point 1 of a calibration curve is (0.1, 0.2)");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CalibrationCurve(List.of(0.2, 0.3), List.of(0.3, 0.2)));
        assertThatIllegalArgumentException().isThrownBy(() -> new CalibrationCurve(List.of(0.2), List.of(1.5)));
        assertThatIllegalArgumentException().isThrownBy(() -> new CalibrationCurve(List.of(), List.of()));
    }
}
