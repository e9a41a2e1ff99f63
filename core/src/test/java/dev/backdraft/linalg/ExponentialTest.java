package dev.backdraft.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Against the JDK's own, whose error is below 1 ulp. */
class ExponentialTest {
    private static final int POINTS = 400_000;

    @Test
    void theErrorIsAtMostTwoUlp() {
        assertThat(worstUlp(Exponential::exp, StrictMath::exp, 700)).isLessThanOrEqualTo(2);
        assertThat(worstUlp(Exponential::expm1, StrictMath::expm1, 700)).isLessThanOrEqualTo(3);
        assertThat(worstUlp(Exponential::tanh, StrictMath::tanh, 30)).isLessThanOrEqualTo(4);
        assertThat(worstUlp(Exponential::sigmoid, x -> 1 / (1 + StrictMath.exp(-x)), 700))
                .isLessThanOrEqualTo(4);
    }

    @Test
    void roundedToFloatItIsTheNearestFloat() {
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        int wrong = 0;
        for (int i = 0; i < POINTS; i++) {
            double x = (float) (random.nextGaussian() * 5);
            wrong += (float) Exponential.exp(x) != (float) StrictMath.exp(x) ? 1 : 0;
            wrong += (float) Exponential.tanh(x) != (float) StrictMath.tanh(x) ? 1 : 0;
        }
        assertThat(wrong).isZero();
    }

    @Test
    void theEndsAreThoseOfTheFunction() {
        assertThat(Exponential.exp(0)).isEqualTo(1);
        assertThat(Exponential.exp(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(Exponential.exp(-800)).isZero();
        assertThat(Exponential.exp(-740)).isEqualTo(StrictMath.exp(-740));
        assertThat(Exponential.exp(710)).isInfinite();
        for (double x = -709.9; x < -706; x += 0.01) { // where 2ⁿ stops being a normal number
            assertThat(Exponential.exp(x)).isBetween(StrictMath.exp(x - 1e-12), StrictMath.exp(x + 1e-12));
        }
        assertThat(Exponential.exp(Double.NaN)).isNaN();
        assertThat(Exponential.expm1(1e-300)).isEqualTo(1e-300);
        assertThat(Exponential.expm1(Double.NEGATIVE_INFINITY)).isEqualTo(-1);
        assertThat(Exponential.tanh(Double.POSITIVE_INFINITY)).isEqualTo(1);
        assertThat(Exponential.tanh(-100)).isEqualTo(-1);
        assertThat(Exponential.tanh(Double.NaN)).isNaN();
        assertThat(Exponential.sigmoid(-1000)).isZero();
        assertThat(Exponential.sigmoid(1000)).isEqualTo(1);
        assertThat(Exponential.sigmoid(Double.NaN)).isNaN();
    }

    private static double worstUlp(DoubleUnaryOperator ours, DoubleUnaryOperator theirs, double range) {
        SplitMix random = SplitMix.at(1, 0, 0, 0);
        double worst = 0;
        for (int i = 0; i < POINTS; i++) {
            // as many points near 0 as far from it
            double x = range * Math.pow(10, -12 * random.nextDouble()) * (2 * random.nextDouble() - 1);
            double expected = theirs.applyAsDouble(x);
            worst = Math.max(worst, Math.abs(ours.applyAsDouble(x) - expected) / Math.ulp(expected));
        }
        return worst;
    }
}
