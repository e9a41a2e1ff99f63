package dev.backdraft.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.metric.BinaryScores;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Decision thresholds, against all thresholds that there are and against scikit-learn. */
class ThresholdTest {
    private record ScoredRow(float score, boolean yes, float weight) {}

    private static BinaryScores scores(List<ScoredRow> rows) {
        BinaryScores scores = new BinaryScores();
        rows.forEach(row -> scores.add(row.score, row.yes, row.weight));
        return scores;
    }

    private static Threshold choose(String rule, List<ScoredRow> rows) {
        return Threshold.choose(TrainingConfig.standard().withThreshold(rule), scores(rows));
    }

    /** Rows with many equal scores, some of them 0 and 1, and small weights, whose sums are exact. */
    private static List<ScoredRow> rows(int seed) {
        SplitMix random = SplitMix.at(seed, 0, 0, 0);
        int count = 2 + random.nextInt(40);
        int grid = 1 + random.nextInt(12);
        List<ScoredRow> rows = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            float weight = seed % 2 == 0 ? 1 : 1 + random.nextInt(4) / 2f;
            int level = random.nextInt(grid + 1);
            rows.add(new ScoredRow(level / (float) grid, random.nextInt(grid + 2) < level, weight));
        }
        rows.add(new ScoredRow(0.3f, true, 1));
        rows.add(new ScoredRow(0.7f, false, 1));
        return rows;
    }

    /** The larger the better, for a threshold; −∞ where it is not allowed. */
    private static double merit(String rule, List<ScoredRow> rows, double threshold) {
        double truePositives = 0;
        double falsePositives = 0;
        double falseNegatives = 0;
        for (ScoredRow row : rows) {
            boolean saysYes = row.score > threshold;
            truePositives += saysYes && row.yes ? row.weight : 0;
            falsePositives += saysYes && !row.yes ? row.weight : 0;
            falseNegatives += !saysYes && row.yes ? row.weight : 0;
        }
        double precision = truePositives / (truePositives + falsePositives);
        double number = rule.contains("=") ? Double.parseDouble(rule.substring(rule.indexOf('=') + 1)) : 0;
        if (rule.startsWith("precision")) {
            return precision >= number ? truePositives / (truePositives + falseNegatives) : Double.NEGATIVE_INFINITY;
        }
        if (rule.startsWith("cost")) {
            return -number * falseNegatives - falsePositives;
        }
        return truePositives == 0
                ? Double.NEGATIVE_INFINITY
                : 2 * truePositives / (2 * truePositives + falsePositives + falseNegatives);
    }

    /** A threshold in every gap, the ends included. */
    private static List<Double> allThresholds(List<ScoredRow> rows) {
        TreeSet<Double> ends = new TreeSet<>(List.of(0.0, 1.0));
        rows.forEach(row -> ends.add((double) row.score));
        List<Double> sorted = List.copyOf(ends);
        List<Double> thresholds = new ArrayList<>();
        for (int i = 1; i < sorted.size(); i++) {
            thresholds.add((sorted.get(i - 1) + sorted.get(i)) / 2);
        }
        return thresholds;
    }

    @ParameterizedTest
    @ValueSource(strings = {"f1", "precision=0.5", "precision=0.9", "precision=1", "cost=1", "cost=5", "cost=0.25"})
    void noThresholdIsBetterAndNoHigherOneIsAsGood(String rule) {
        int found = 0;
        for (int seed = 0; seed < 300; seed++) {
            List<ScoredRow> rows = rows(seed);
            Threshold threshold = choose(rule, rows);
            double best = Double.NEGATIVE_INFINITY;
            double highest = Double.NaN;
            for (double candidate : allThresholds(rows)) {
                double merit = merit(rule, rows, candidate);
                if (merit >= best && merit > Double.NEGATIVE_INFINITY) { // rising, so the highest of equal ones stays
                    best = merit;
                    highest = candidate;
                }
            }
            assertThat(threshold.isFound()).isEqualTo(!Double.isNaN(highest));
            if (threshold.isFound()) {
                found++;
                assertThat(threshold.value()).isGreaterThan(0).isLessThan(1);
                assertThat(merit(rule, rows, threshold.value())).isEqualTo(best);
                double chosen = threshold.value();
                double other = highest;
                assertThat(rows).allMatch(row -> (row.score > chosen) == (row.score > other));
                assertThat(threshold.f1())
                        .isCloseTo(Math.max(0, merit("f1", rows, chosen)), within(1e-12)); // 0 without a right yes
            }
        }
        assertThat(found).isGreaterThan(50);
    }

    private static JsonNode oracle() throws IOException {
        try (InputStream in = ThresholdTest.class.getResourceAsStream("/oracle/decision_thresholds.json")) {
            return new ObjectMapper().readTree(in).path("cases");
        }
    }

    private static List<ScoredRow> rows(JsonNode of) {
        List<ScoredRow> rows = new ArrayList<>();
        for (int i = 0; i < of.path("scores").size(); i++) {
            rows.add(new ScoredRow(
                    (float) of.path("scores").get(i).asDouble(),
                    of.path("truth").get(i).asInt() == 1,
                    (float) of.path("weights").get(i).asDouble()));
        }
        return rows;
    }

    @Test
    void theCurveIsThatOfScikitLearn() throws IOException {
        assertThat(oracle()).hasSize(12);
        for (JsonNode of : oracle()) {
            DecisionCurve curve = DecisionCurve.of(scores(rows(of)));
            JsonNode thresholds = of.path("thresholds"); // rising
            assertThat(curve.points()).isEqualTo(thresholds.size());
            for (int i = 0; i < thresholds.size(); i++) {
                int k = thresholds.size() - 1 - i;
                double yes = curve.truePositives()[k];
                assertThat(curve.score()[k]).isEqualTo(thresholds.get(i).asDouble());
                assertThat(yes / (yes + curve.falsePositives()[k]))
                        .isCloseTo(of.path("precision").get(i).asDouble(), within(1e-12));
                assertThat(yes / curve.positives())
                        .isCloseTo(of.path("recall").get(i).asDouble(), within(1e-12));
            }
        }
    }

    /** The lowest score that is above the threshold. */
    private static double lowestYes(Threshold threshold, List<ScoredRow> rows) {
        return rows.stream()
                .mapToDouble(ScoredRow::score)
                .filter(score -> score > threshold.value())
                .min()
                .orElse(Double.NaN);
    }

    private static void assertLowestYes(String rule, JsonNode expected, List<ScoredRow> rows) {
        Threshold threshold = choose(rule, rows);
        Double found = threshold.isFound() ? lowestYes(threshold, rows) : Double.NaN;
        assertThat(found).as(rule).isEqualTo(expected.isNull() ? (Double) Double.NaN : (Double) expected.asDouble());
    }

    @Test
    void theBestThresholdsAreThoseOfScikitLearn() throws IOException {
        for (JsonNode of : oracle()) {
            List<ScoredRow> rows = rows(of);
            assertLowestYes("f1", of.path("f1"), rows);
            assertThat(choose("f1", rows).f1()).isCloseTo(of.path("f1Value").asDouble(), within(1e-12));
            for (Map.Entry<String, JsonNode> rule : of.path("precisionRules").properties()) {
                assertLowestYes("precision=" + rule.getKey(), rule.getValue(), rows);
            }
            for (Map.Entry<String, JsonNode> rule : of.path("costRules").properties()) {
                assertLowestYes("cost=" + rule.getKey(), rule.getValue(), rows);
            }
        }
    }

    /** Sums of such weights in double depend on the order. */
    @Test
    void theOrderAndTheDivisionOfTheRowsMakeNoDifference() {
        List<ScoredRow> rows = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 500; i++) {
            float weight = (float) Math.pow(10, random.nextInt(17) - 8) * (1 + random.nextFloat());
            rows.add(new ScoredRow(random.nextInt(50) / 50f, random.nextInt(50) < i / 10, weight));
        }
        List<Threshold> found = new ArrayList<>();
        for (int order = 0; order < 5; order++) {
            Collections.shuffle(rows, random);
            int cut = random.nextInt(rows.size());
            BinaryScores first = scores(rows.subList(0, cut));
            first.add(scores(rows.subList(cut, rows.size())));
            found.add(Threshold.choose(TrainingConfig.standard().withThreshold("f1"), first));
        }
        assertThat(found).containsOnly(found.get(0));
        assertThat(found.get(0).isFound()).isTrue();
    }

    @Test
    void aRowOfWeightTwoIsTwoRows() {
        for (int seed = 0; seed < 20; seed += 2) { // all of weight 1
            List<ScoredRow> rows = rows(seed);
            List<ScoredRow> twice = new ArrayList<>(rows);
            List<ScoredRow> heavy = new ArrayList<>();
            for (int i = 0; i < rows.size(); i++) {
                ScoredRow row = rows.get(i);
                heavy.add(i % 3 == 0 ? new ScoredRow(row.score, row.yes, 2) : row);
                if (i % 3 == 0) {
                    twice.add(row);
                }
            }
            assertThat(choose("f1", heavy)).isEqualTo(choose("f1", twice));
        }
    }

    @Test
    void whatCannotBeChosenIsSaid() {
        List<ScoredRow> rows =
                List.of(new ScoredRow(0.9f, false, 1), new ScoredRow(0.8f, true, 1), new ScoredRow(0.1f, true, 1));
        assertThat(choose("precision=0.9", rows).sentence())
                .startsWith("warning: threshold precision=0.9 cannot be chosen on the validation rows")
                .contains("the highest is 0.6667")
                .endsWith("predicts class 1 above a probability of 0.5");
        assertThat(choose("cost=2", rows.subList(1, 3)).problem()).isEqualTo("they are all of one class");
        assertThat(choose("f1", rows.subList(0, 1)).problem()).isEqualTo("they are all of one class");
        assertThat(choose("f1", List.of()).problem()).isEqualTo("they are all of one class");
        List<ScoredRow> undefined = List.of(rows.get(0), rows.get(1), new ScoredRow(Float.NaN, true, 1));
        assertThat(choose("f1", undefined).problem()).contains("not a number");
        List<ScoredRow> hopeless = List.of(new ScoredRow(0.5f, false, 1), new ScoredRow(0, true, 1));
        assertThat(choose("f1", hopeless).problem()).isEqualTo("no threshold predicts one of them right");
    }

    @ParameterizedTest
    @CsvSource({"0.2, 0.4, 0.3", "0, 1, 0.5", "0.31, 0.33, 0.32", "0.299, 0.38, 0.34", "0.99999994, 1, 0.99999997"})
    void aThresholdHasFewDigitsNearTheMiddleOfItsGap(double lower, double upper, double expected) {
        assertThat(ThresholdRule.between(lower, upper)).isEqualTo(expected);
    }

    @Test
    void aThresholdIsBetweenNeighboringFloats() {
        for (float lower : new float[] {0, Float.MIN_VALUE, 1e-30f, 0.1f, 0.5f}) {
            float upper = Math.nextUp(lower);
            assertThat(ThresholdRule.between(lower, upper)).isGreaterThan(lower).isLessThan(upper);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "1",
                "-0.1",
                "NaN",
                "0.3d",
                "f2",
                "",
                "=0.5",
                "f1=0.5",
                "precision",
                "precision=0",
                "precision=1.1",
                "precision=",
                "cost=0",
                "cost=-1",
                "cost=1e999",
                "recall=0.5",
                "cost=5=6"
            })
    void otherTextsAreRefused(String text) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingConfig.standard().withThreshold(text))
                .withMessage("threshold is '" + text
                        + "': use a number above 0 and below 1, f1, precision=P with P above 0 and"
                        + " at most 1, or cost=C with C above 0");
    }
}
