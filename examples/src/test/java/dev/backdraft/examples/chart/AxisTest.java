package dev.backdraft.examples.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AxisTest {
    @Test
    void limitsPlacesAndTicksOfALinearAxis() {
        Axis axis = Axis.linear("x").within(-10, 30);
        assertThat(axis.at(-10)).isZero();
        assertThat(axis.at(20)).isEqualTo(0.75);
        assertThat(axis.at(50)).isEqualTo(1.5);
        assertThat(axis.ticks()).containsExactly(-10.0, 0.0, 10.0, 20.0, 30.0);
        assertThat(axis.texts()).containsExactly("−10", "0", "10", "20", "30");
    }

    @Test
    void equalRatiosAreEqualDistancesOnALogarithmicAxis() {
        Axis axis = Axis.logarithmic("x").within(0.001, 1000);
        assertThat(axis.at(1)).isCloseTo(0.5, within(1e-12));
        assertThat(axis.at(10) - axis.at(1)).isCloseTo(axis.at(0.1) - axis.at(0.01), within(1e-12));
        assertThat(axis.texts()).containsExactly("0.001", "0.01", "0.1", "1", "10", "100", "1,000");
    }

    @Test
    void ticksOfFewDecadesAreFinerAndOfManyCoarser() {
        assertThat(Axis.logarithmic("x").within(1, 100).texts())
                .containsExactly("1", "2", "5", "10", "20", "50", "100");
        assertThat(Axis.logarithmic("x").within(1e-20, 1e10).ticks()).hasSizeBetween(4, 8);
        assertThat(Axis.logarithmic("x").within(1e-20, 1e10).texts()).contains("10⁻²⁰", "10¹⁰");
        assertThat(Axis.logarithmic("x").within(3, 8).texts()).contains("3", "5", "8");
    }

    @ParameterizedTest
    @CsvSource({"0,1", "0,7", "-3,3", "1e-7,2e-7", "0,123456789", "99.5,100.25", "-0.003,0.004"})
    void ticksAscendWithinTheLimitsAndDiffer(double min, double max) {
        Axis axis = Axis.linear("x").within(min, max);
        assertThat(axis.ticks()).isSorted().hasSizeBetween(3, 11);
        assertThat(axis.at(axis.ticks().get(0))).isBetween(-1e-6, 1.0);
        assertThat(axis.at(axis.ticks().get(axis.ticks().size() - 1))).isBetween(0.0, 1 + 1e-6);
        assertThat(axis.texts()).doesNotHaveDuplicates();
    }

    @Test
    void decimalsAreThoseOfTheStep() {
        assertThat(Axis.linear("x").within(2.9, 3.35).texts()).contains("3.0", "3.1", "3.2");
    }

    @Test
    void limitsHoldAllThatCanBeShown() {
        Axis axis =
                Axis.linear("x").fit(List.of(new double[] {2, Double.NaN}, new double[] {Double.POSITIVE_INFINITY, 4}));
        assertThat(axis.min()).isCloseTo(1.94, within(1e-12));
        assertThat(axis.max()).isCloseTo(4.06, within(1e-12));
        assertThat(Axis.logarithmic("x")
                        .fit(List.of(new double[] {-1, 0, 10, 1000}))
                        .at(100))
                .isCloseTo(0.5, within(1e-12));
        assertThat(Axis.linear("x").fit(List.of(new double[] {0, 10})).min()).isZero();
    }

    @Test
    void oneValueOrNoneStillGivesAnAxis() {
        assertThat(Axis.linear("x").fit(List.of(new double[] {5})).at(5)).isEqualTo(0.5);
        assertThat(Axis.logarithmic("x").fit(List.of(new double[0])).ticks()).isNotEmpty();
    }

    @Test
    void limitsThatDoNotAscendAreRefused() {
        assertThatThrownBy(() -> Axis.linear("width").within(2, 2)).hasMessageContaining("'width' must ascend");
        assertThatThrownBy(() -> Axis.logarithmic("width").within(0, 2)).hasMessageContaining("from above 0");
    }
}
