package dev.backdraft.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.optim.WolfeSearch.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The line search alone, on functions of one variable in double. */
class WolfeSearchTest {
    /** φ and φ' along a line, with a search and its first trial. */
    record Line(String name, DoubleUnaryOperator value, DoubleUnaryOperator slope, WolfeSearch search, double first) {
        @Override
        public String toString() {
            return name + ", first trial " + first + ", " + search;
        }
    }

    /** The test functions of Moré and Thuente 1994, section 5, with their constants, from first trials of 10 sizes. */
    static Stream<Line> everyLine() {
        List<Line> lines = new ArrayList<>();
        for (double first : new double[] {1e-3, 1e-1, 1, 1e1, 1e3}) {
            lines.add(new Line(
                    "5.1",
                    a -> -a / (a * a + 2),
                    a -> (a * a - 2) / ((a * a + 2) * (a * a + 2)),
                    new WolfeSearch(1e-3, 0.1, 50),
                    first));
            lines.add(new Line(
                    "5.2",
                    a -> Math.pow(a + 0.004, 5) - 2 * Math.pow(a + 0.004, 4),
                    a -> 5 * Math.pow(a + 0.004, 4) - 8 * Math.pow(a + 0.004, 3),
                    new WolfeSearch(0.1, 0.11, 50),
                    first));
            lines.add(yanai(1e-3, 1e-3, first));
            lines.add(yanai(1e-2, 1e-3, first));
            lines.add(yanai(1e-3, 1e-2, first));
            lines.add(new Line(
                    "undefined from 2 on",
                    a -> a < 2 ? -a - Math.log(2 - a) : Double.NaN,
                    a -> a < 2 ? -1 + 1 / (2 - a) : Double.NaN,
                    new WolfeSearch(1e-4, 0.1, 50),
                    first));
            lines.add(new Line(
                    "without a slope from 1.5 on",
                    a -> (a - 1) * (a - 1),
                    a -> a < 1.5 ? 2 * (a - 1) : Double.NaN,
                    new WolfeSearch(1e-4, 0.1, 50),
                    first == 1 ? 1.9 : first)); // lower than the start
        }
        return lines.stream();
    }

    /** Eq. 5.4: Yanai, Ozawa and Kaneko 1981; a minimum in a nearly straight line. */
    private static Line yanai(double beta1, double beta2, double first) {
        double gamma1 = Math.sqrt(1 + beta1 * beta1) - beta1;
        double gamma2 = Math.sqrt(1 + beta2 * beta2) - beta2;
        return new Line(
                "5.4 with " + beta1 + ", " + beta2,
                a -> gamma1 * Math.hypot(1 - a, beta2) + gamma2 * Math.hypot(a, beta1),
                a -> gamma1 * (a - 1) / Math.hypot(1 - a, beta2) + gamma2 * a / Math.hypot(a, beta1),
                new WolfeSearch(1e-3, 1e-3, 50),
                first);
    }

    @ParameterizedTest
    @MethodSource("everyLine")
    void whatIsAcceptedFulfilsBothConditions(Line line) {
        double value0 = line.value().applyAsDouble(0);
        double slope0 = line.slope().applyAsDouble(0);
        double[] memory = new double[WolfeSearch.NUMBERS];
        line.search().begin(memory, value0, slope0, line.first());
        Verdict verdict = Verdict.GO_ON;
        int trials = 0;
        double step = 0;
        while (verdict == Verdict.GO_ON) {
            step = WolfeSearch.trial(memory);
            verdict = line.search()
                    .tell(memory, line.value().applyAsDouble(step), line.slope().applyAsDouble(step));
            trials++;
        }
        assertThat(verdict).isEqualTo(Verdict.ACCEPTED);
        assertThat(line.value().applyAsDouble(step))
                .isLessThanOrEqualTo(value0 + line.search().decrease() * step * slope0);
        assertThat(Math.abs(line.slope().applyAsDouble(step)))
                .isLessThanOrEqualTo(line.search().curvature() * Math.abs(slope0));
        assertThat(trials).isLessThanOrEqualTo(16);
    }

    /** While bracketing, the cubic goes through the last two trials: here φ' = −(α − 7)(α − 100), which two trials give exactly. */
    @Test
    void growsToWhereTheCubicOfTheLastTwoTrialsIsLowest() {
        WolfeSearch search = new WolfeSearch(1e-4, 1e-9, 50);
        double[] memory = new double[WolfeSearch.NUMBERS];
        search.begin(memory, 0, -1000, 1); // φ'(0) is not the cubic's
        search.tell(memory, cubic(1), -(1 - 7) * (1 - 100));
        double second = WolfeSearch.trial(memory);
        search.tell(memory, cubic(second), -(second - 7) * (second - 100));
        assertThat(WolfeSearch.trial(memory)).isCloseTo(7, within(1e-9));
    }

    /** −∫ (α − 7)(α − 100) = −α³/3 + 107 α²/2 − 700 α, lowest at 7. */
    private static double cubic(double a) {
        return -a * a * a / 3 + 107 * a * a / 2 - 700 * a;
    }

    @Test
    void givesUpOnALineThatFallsForEverAndKnowsItsBestStep() {
        WolfeSearch search = new WolfeSearch(1e-4, 0.9, 5);
        double[] memory = new double[WolfeSearch.NUMBERS];
        search.begin(memory, 0, -1, 1);
        Verdict verdict = Verdict.GO_ON;
        double last = 0;
        while (verdict == Verdict.GO_ON) {
            last = WolfeSearch.trial(memory);
            verdict = search.tell(memory, -last, -1);
        }
        assertThat(verdict).isEqualTo(Verdict.GIVEN_UP);
        assertThat(WolfeSearch.bestStep(memory)).isEqualTo(last).isEqualTo(10_000);
    }

    @Test
    void aLineThatRisesAtOnceHasNoBestStep() {
        WolfeSearch search = new WolfeSearch(1e-4, 0.9, 7);
        double[] memory = new double[WolfeSearch.NUMBERS];
        search.begin(memory, 0, -1, 1);
        int trials = 0;
        Verdict verdict = Verdict.GO_ON;
        while (verdict == Verdict.GO_ON) {
            double step = WolfeSearch.trial(memory);
            assertThat(step).isGreaterThan(0);
            verdict = search.tell(memory, step, 1);
            trials++;
        }
        assertThat(verdict).isEqualTo(Verdict.GIVEN_UP);
        assertThat(trials).isEqualTo(7);
        assertThat(WolfeSearch.bestStep(memory)).isZero();
    }
}
