package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataScan;
import dev.backdraft.data.Example;
import dev.backdraft.data.Majority;
import dev.backdraft.network.Network;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** A classifier is compared with one that always predicts the most frequent class of the validation rows. */
class MajorityWarningTest {
    private static final TrainingRequest REQUEST = TrainingRequest.of(
                    Network.perceptron(new Tanh(), 1, 2), TrainingConfig.standard())
            .withValidationFraction(0.5);

    /** Four of five are b. */
    private static List<Example> rows() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            rows.add(Example.dense(new float[] {i}, Double.NaN).withLabelText(i % 5 == 0 ? "a" : "b", Double.NaN));
        }
        return rows;
    }

    private static DataScan scan(TrainingRequest request, List<Example> rows) {
        DataScan scan = request.newScan();
        rows.forEach(row -> scan.add(row, () -> "a row"));
        return scan;
    }

    private static Fit fit(TrainingRequest request, List<Example> rows) {
        return Fit.of(request, scan(request, rows), List.of(), "label");
    }

    /** The warning for a loss that is better than that of equal probabilities, which is 0.69. */
    private static String warning(Fit fit, double validationAccuracy) {
        EpochResult figures = new EpochResult(
                1, 1, 0.6, validationAccuracy, 0.6, validationAccuracy, 0.1, new TreeMap<>(), 500, 1, null);
        TrainingEnd end = new TrainingEnd(1, 1, TrainingEnd.ALL_DONE, figures, null, 0, 0, 0, "", null, null, null);
        return fit.warning(end);
    }

    @Test
    void theMostFrequentLabelOfTheValidationRowsIsCounted() {
        DataScan.Split split = REQUEST.split();
        List<Example> held = rows().stream().filter(split::isValidation).toList();
        long ofB = held.stream().filter(row -> "b".equals(row.labelText())).count();
        Majority expected = new Majority("b", ofB, held.size());
        assertThat(fit(REQUEST, rows()).majority()).isEqualTo(expected);

        DataScan parts = scan(REQUEST, rows().subList(0, 300));
        parts.add(scan(REQUEST, rows().subList(300, 1000)));
        assertThat(parts.validationMajority()).isEqualTo(expected);
    }

    @Test
    void aModelThatIsRightLessOftenIsWarnedOf() {
        Fit fit = fit(REQUEST, rows());
        double share = fit.majority().share();
        assertThat(warning(fit, 0.5))
                .startsWith(
                        "warning: the model is worse than one that always gives the same answer: its validation accuracy"
                                + " is 0.5000, but always predicting b has an accuracy of 0.")
                .endsWith("; try a smaller learning rate, or more epochs");
        assertThat(warning(fit, share)).isNull();
        double error = Math.sqrt(share * (1 - share) / fit.majority().all());
        assertThat(warning(fit, share - 1.9 * error)).as("by chance").isNull();
        assertThat(warning(fit, share - 2.1 * error)).isNotNull();
        assertThat(new Majority("a", 10, 10).isBetterThan(0.9))
                .as("one of ten rows that are all alike")
                .isFalse();
        assertThat(new Majority("a", 10, 10).isBetterThan(0.7)).isTrue();
    }

    @Test
    void nothingIsSaidWhereThatIsWantedOrNotKnown() {
        TrainingConfig weighing = REQUEST.config().withClassWeights(List.of(4.0, 1.0));
        TrainingRequest weighed =
                TrainingRequest.of(REQUEST.network(), weighing).withValidationFraction(0.5);
        assertThat(warning(fit(weighed, rows()), 0.5)).isNull();

        List<Example> ofWeights = rows();
        ofWeights.replaceAll(row -> row.withWeight(2));
        assertThat(fit(REQUEST, ofWeights).majority()).isNull();
        assertThat(warning(fit(REQUEST, ofWeights), 0.5)).isNull();
        assertThat(fit(REQUEST.withValidationFraction(0), rows()).majority()).isNull();

        List<Example> values = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            values.add(Example.dense(new float[] {i}, i + 0.5));
        }
        TrainingRequest regression = TrainingRequest.of(Network.perceptron(new Tanh(), 1, 1), TrainingConfig.standard())
                .withValidationFraction(0.5);
        assertThat(fit(regression, values).majority()).isNull();
    }
}
