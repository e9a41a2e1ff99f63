package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where each loss is smallest, which statistic of the targets it estimates, and what it does at the edges of its domain. */
class LossMinimumTest {
    private static final float[] SAMPLE = {0, 1, 1, 2, 3, 9, 12};

    static Stream<RegressionLoss> lossesOfDistance() {
        return Losses.all().stream()
                .filter(loss -> loss instanceof RegressionLoss && !(loss instanceof BiasError))
                .map(RegressionLoss.class::cast);
    }

    @ParameterizedTest
    @MethodSource("lossesOfDistance")
    void aLossOfDistanceIsZeroAtTheTargetAndGrowsAwayFromIt(RegressionLoss loss) {
        for (double t : new double[] {-3, 0, 0.5, 100}) {
            assertThat(loss.value(t, t)).isCloseTo(0, within(1e-15));
            assertThat(loss.slope(t, t)).isZero();
            double before = 0;
            for (double r = 0.125; r < 1000; r *= 2) {
                assertThat(loss.value(t + r, t)).isGreaterThan(before).isEqualTo(loss.value(t - r, t));
                assertThat(loss.slope(t + r, t)).isPositive().isEqualTo(-loss.slope(t - r, t));
                before = loss.value(t + r, t);
            }
        }
    }

    @Test
    void theBestConstantIsTheMeanOrTheMedian() {
        assertThat(bestConstant(new SquaredError())).isCloseTo(4, within(1e-3));
        assertThat(bestConstant(new RootSquaredError())).isCloseTo(4, within(1e-3));
        assertThat(bestConstant(new AbsoluteError())).isCloseTo(2, within(1e-3));
        assertThat(bestConstant(new Huber(1e-3, OutputReduction.MEAN))).isCloseTo(2, within(1e-2)); // nearly absolute
        assertThat(bestConstant(new Huber(100, OutputReduction.MEAN))).isCloseTo(4, within(1e-3)); // all within delta
        assertThat(bestConstant(new LogCosh())).isBetween(2.0, 4.0);
        assertThat(bestConstant(new Poisson())).isCloseTo(Math.log(4), within(1e-3));
        assertThat(bestConstant(new Poisson(PoissonForm.RATE, OutputReduction.MEAN)))
                .isCloseTo(4, within(1e-3));
        assertThat(bestConstant(new Tweedie())).isCloseTo(Math.log(4), within(1e-3));
        assertThat(bestConstant(new Gamma())).isCloseTo(Math.log(4), within(1e-3));
    }

    @Test
    void aDevianceIsZeroAtTheTarget() {
        for (double t : new double[] {0.25, 1, 30}) {
            assertThat(new Gamma().value(Math.log(t), t)).isCloseTo(0, within(1e-12));
            assertThat(new Tweedie().value(Math.log(t), t)).isCloseTo(0, within(1e-12));
        }
        assertThat(new Tweedie().value(1, 0)).isEqualTo(2 * Math.exp(0.5)); // μ^(2−p) / (2−p)
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Gamma().value(1, 0))
                .withMessage("gamma: a target must be above 0: 0.0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tweedie().value(1, -1))
                .withMessage("tweedie: a target must not be negative: -1.0");
    }

    @Test
    void quantilesNeverCross() {
        Pinball loss = new Pinball(List.of(0.1, 0.2, 0.5, 0.9));
        Matrix prediction = Matrix.zeros(4, 1);
        for (float[] z : new float[][] {{0, -50, -200, -1e30f}, {3, 80, -3, 1e30f}, {-1e6f, 0, 1, -1}}) {
            loss.predict(row(z), prediction);
            assertThat(prediction.values()).isSorted();
        }
        assertThat(loss.pointOutput()).isEqualTo(2);
        assertThat(new Pinball(List.of(0.2, 0.7)).pointOutput()).isEqualTo(1);
    }

    @Test
    void theBestQuantileHasItsShareOfTheLabelsBelow() {
        Pinball loss = new Pinball(List.of(0.7));
        Matrix gradient = Matrix.zeros(1, SAMPLE.length);
        Matrix labels = new Matrix(SAMPLE, 0, 1, SAMPLE.length);
        float[] constant = new float[SAMPLE.length];
        double best = Double.POSITIVE_INFINITY;
        float at = Float.NaN;
        for (float q : SAMPLE) {
            Arrays.fill(constant, q);
            double sum = loss.sum(new Matrix(constant, 0, 1, SAMPLE.length), labels, null, gradient);
            if (sum < best) {
                best = sum;
                at = q;
            }
        }
        assertThat(at).isEqualTo(3); // of 7 labels, 5 are at most 3
    }

    @Test
    void aNormalDeviationIsAboveItsMinimum() {
        Matrix prediction = Matrix.zeros(2, 1);
        new Normal(0.5).predict(row(7, -100), prediction);
        assertThat(prediction.values()).containsExactly(7, 0.5f);
        Matrix gradient = Matrix.zeros(2, 1); // at the right mean, a deviation as large as the error is the best
        float z = (float) Math.log(Math.exp(1.5) - 1);
        new Normal(0.5).sum(row(5, z), row(7), null, gradient);
        assertThat(gradient.get(1, 0)).isCloseTo(0, within(1e-6f));
    }

    @Test
    void aFocusOfZeroIsCrossEntropy() {
        Matrix z = row(3, -1, 0);
        Matrix t = row(0, 1, 0);
        assertThat(LossLawsTest.sum(new SoftmaxFocal(0), z, t, null))
                .isCloseTo(LossLawsTest.sum(new SoftmaxCrossEntropy(), z, t, null), within(1e-12));
        assertThat(2 * LossLawsTest.sum(new SigmoidFocal(0, 0.5, OutputReduction.SUM), z, t, null))
                .isCloseTo(LossLawsTest.sum(new SigmoidCrossEntropy(), z, t, null), within(1e-12));
        for (float large : new float[] {-200, 200}) { // exact for logits of any size
            assertThat(LossLawsTest.sum(new SigmoidFocal(), row(large), row(1), null))
                    .isCloseTo(large > 0 ? 0 : 50, within(1e-9));
            assertThat(LossLawsTest.sum(new SoftmaxFocal(), row(large, 0), row(1, 0), null))
                    .isCloseTo(large > 0 ? 0 : 200, within(1e-9));
        }
    }

    /** Where the slope over the sample changes its sign: bisection, as all are convex. */
    private static double bestConstant(ElementwiseLoss loss) {
        double low = loss.outputRange() == OutputRange.ANY ? -20 : 1e-6;
        double high = 20;
        for (int i = 0; i < 60; i++) {
            double middle = (low + high) / 2;
            double slope = 0;
            for (float t : SAMPLE) {
                slope += loss.slope(middle, t);
            }
            if (slope > 0) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    @Test
    void biasErrorHasNoMinimumAndLetsErrorsCancel() {
        BiasError loss = new BiasError();
        assertThat(loss.value(3, 1)).isEqualTo(2);
        assertThat(loss.value(-1e6, 1)).isLessThan(-1e5);
        assertThat(LossLawsTest.sum(loss, row(5, -5), row(0, 0), null)).isZero();
    }

    @Test
    void meanIsTheSumDividedByTheNumberOfOutputs() {
        Matrix z = row(0.5f, -0.25f, 0.75f);
        Matrix t = row(1, 0, 1);
        assertMean(new SquaredError(OutputReduction.MEAN), new SquaredError(OutputReduction.SUM), z, t);
        assertMean(new AbsoluteError(OutputReduction.MEAN), new AbsoluteError(OutputReduction.SUM), z, t);
        assertMean(new BiasError(OutputReduction.MEAN), new BiasError(OutputReduction.SUM), z, t);
        assertMean(new Huber(0.3, OutputReduction.MEAN), new Huber(0.3, OutputReduction.SUM), z, t);
        assertMean(new LogCosh(OutputReduction.MEAN), new LogCosh(OutputReduction.SUM), z, t);
        assertMean(new Hinge(OutputReduction.MEAN), new Hinge(OutputReduction.SUM), z, t);
        assertMean(new SquaredHinge(OutputReduction.MEAN), new SquaredHinge(OutputReduction.SUM), z, t);
        assertMean(new SigmoidCrossEntropy(OutputReduction.MEAN), new SigmoidCrossEntropy(OutputReduction.SUM), z, t);
        Matrix p = row(0.5f, 0.25f, 0.75f);
        assertMean(new BinaryCrossEntropy(OutputReduction.MEAN), new BinaryCrossEntropy(OutputReduction.SUM), p, t);
        for (PoissonForm form : PoissonForm.values()) {
            assertMean(new Poisson(form, OutputReduction.MEAN), new Poisson(form, OutputReduction.SUM), p, t);
        }
    }

    private static void assertMean(Loss mean, Loss sum, Matrix z, Matrix t) {
        Matrix ofMean = Matrix.zeros(3, 1);
        Matrix ofSum = Matrix.zeros(3, 1);
        assertThat(3 * mean.sum(z, t, null, ofMean)).isCloseTo(sum.sum(z, t, null, ofSum), within(1e-12));
        for (int k = 0; k < 3; k++) {
            assertThat(3 * ofMean.get(k, 0)).isCloseTo(ofSum.get(k, 0), within(1e-6f));
        }
    }

    @Test
    void rootSquaredErrorTakesTheRootOfTheWhole() {
        RootSquaredError loss = new RootSquaredError();
        assertThat(loss.objective(9)).isEqualTo(3);
        assertThat(loss.objectiveSlope(9)).isEqualTo(1.0 / 6);
        assertThat(loss.objective(0)).isZero();
        assertThat(loss.objectiveSlope(0)).isZero();
        for (Loss other : Losses.all()) {
            if (!(other instanceof RootSquaredError)) {
                assertThat(other.objective(9)).isEqualTo(9);
                assertThat(other.objectiveSlope(9)).isEqualTo(1);
            }
        }
    }

    @Test
    void hingesTakeBothKindsOfTargetsAndAreZeroBeyondTheMargin() {
        for (ElementwiseLoss loss : new ElementwiseLoss[] {new Hinge(), new SquaredHinge()}) {
            for (double z : new double[] {-2, -0.5, 0, 0.5, 2}) {
                assertThat(loss.value(z, 0)).isEqualTo(loss.value(z, -1)).isEqualTo(loss.value(-z, 1));
                assertThat(loss.slope(z, 0)).isEqualTo(loss.slope(z, -1)).isEqualTo(-loss.slope(-z, 1));
            }
            assertThat(loss.value(0, 1)).isEqualTo(1);
            assertThat(loss.value(1.5, 1)).isZero();
            assertThat(loss.slope(1.5, 1)).isZero();
        }
        assertThat(new Hinge().value(-3, 1)).isEqualTo(4);
        assertThat(new SquaredHinge().value(-3, 1)).isEqualTo(16);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.1, 0.5})
    void crossEntropyIsSmallestAtTheSmoothedTarget(double smoothing) {
        double[] smoothed = new double[] {smoothing / 4, 1 - smoothing + smoothing / 4, smoothing / 4, smoothing / 4};
        Matrix p = new Matrix(new float[4], 0, 4, 1);
        Matrix z = new Matrix(new float[4], 0, 4, 1);
        double entropy = 0;
        for (int k = 0; k < 4; k++) {
            p.set(k, 0, (float) smoothed[k]);
            z.set(k, 0, smoothed[k] == 0 ? -200 : (float) Math.log(smoothed[k]));
            entropy -= smoothed[k] == 0 ? 0 : smoothed[k] * Math.log(smoothed[k]);
        }
        Matrix index = new Matrix(new float[] {1}, 0, 1, 1);
        Matrix oneHot = row(0, 1, 0, 0);
        for (Matrix target : new Matrix[] {index, oneHot}) {
            Matrix gradient = Matrix.zeros(4, 1);
            assertThat(new SoftmaxCrossEntropy(smoothing).sum(z, target, null, gradient))
                    .isCloseTo(entropy, within(1e-6));
            assertThat(gradient.values()).containsExactly(new float[4], within(1e-6f));
            assertThat(new CrossEntropy(smoothing).sum(p, target, null, gradient))
                    .isCloseTo(entropy, within(1e-6));
            for (int k = 0; k < 4; k++) {
                assertThat(gradient.get(k, 0)).isCloseTo(smoothed[k] == 0 ? 0 : -1, within(1e-6f));
            }
        }
    }

    @Test
    void divergenceIsZeroAtTheTargetAndPositiveElsewhere() {
        Matrix t = LossLawsTest.distributions(4, 6);
        Matrix z = Matrix.zeros(4, 6);
        for (int i = 0; i < z.size(); i++) {
            z.values()[i] = (float) Math.log(t.values()[i]) + 7; // any constant may be added to logits
        }
        Matrix gradient = Matrix.zeros(4, 6);
        assertThat(new KlDivergence().sum(t, t, null, gradient)).isZero();
        assertThat(new SoftmaxKlDivergence().sum(z, t, null, gradient)).isCloseTo(0, within(1e-6));
        assertThat(gradient.values()).containsExactly(new float[24], within(1e-6f));
        Matrix other = Matrix.zeros(4, 6);
        for (int n = 0; n < 6; n++) {
            for (int k = 0; k < 4; k++) {
                other.set(k, n, t.get(k, (n + 1) % 6));
            }
        }
        for (int n = 0; n < 6; n++) {
            float[] weights = new float[6];
            weights[n] = 1;
            assertThat(LossLawsTest.sum(new KlDivergence(), other, t, weights)).isPositive();
            assertThat(LossLawsTest.sum(new SoftmaxKlDivergence(), other, t, weights))
                    .isPositive();
        }
    }

    @Test
    void divergenceIsCrossEntropyLessTheEntropyOfTheTarget() {
        Matrix t = row(0.5f, 0.25f, 0.25f, 0);
        double entropy = 1.5 * Math.log(2);
        Matrix p = row(0.125f, 0.125f, 0.25f, 0.5f);
        assertThat(LossLawsTest.sum(new KlDivergence(), p, t, null))
                .isCloseTo(LossLawsTest.sum(new CrossEntropy(), p, t, null) - entropy, within(1e-12));
        Matrix z = row(3, -1, 0, 2);
        assertThat(LossLawsTest.sum(new SoftmaxKlDivergence(), z, t, null))
                .isCloseTo(LossLawsTest.sum(new SoftmaxCrossEntropy(), z, t, null) - entropy, within(1e-12));
    }

    @Test
    void probabilitiesOfZeroGiveALargeFiniteLossAndGradient() {
        Matrix gradient = Matrix.zeros(2, 1);
        for (Loss loss : new Loss[] {new CrossEntropy(), new KlDivergence(), new BinaryCrossEntropy()}) {
            assertThat(loss.sum(row(0, 1), row(1, 0), null, gradient)).isBetween(10.0, 250.0);
            assertThat(gradient.get(0, 0)).isFinite().isLessThan(-1e6f);
            assertThat(loss.sum(row(0, 1), row(0, 1), null, gradient)).isCloseTo(0, within(1e-12));
            assertThat(gradient.get(0, 0)).isZero();
        }
        assertThat(LossLawsTest.sum(new BinaryCrossEntropy(), row(-0.1f, 0.5f), row(1, 1), null))
                .isNaN();
        assertThat(LossLawsTest.sum(new BinaryCrossEntropy(), row(1.1f, 0.5f), row(1, 1), null))
                .isNaN();
        assertThat(LossLawsTest.sum(new CrossEntropy(), row(-0.1f, 0.5f), row(1, 0), null))
                .isNaN();
    }

    @Test
    void ratesOfZeroGiveALargeFiniteLossAndGradient() {
        Poisson loss = new Poisson(PoissonForm.RATE, OutputReduction.MEAN);
        assertThat(loss.value(0, 2)).isEqualTo(200);
        assertThat(loss.slope(0, 2)).isEqualTo(1 - 2e12);
        assertThat(loss.value(0, 0)).isZero();
        assertThat(loss.slope(0, 0)).isEqualTo(1);
        assertThat(loss.value(-0.1, 2)).isNaN();
        assertThat(loss.value(-0.1, 0)).isNaN();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.value(1, -1))
                .withMessage("poisson: a count must not be negative: -1.0");
    }

    @Test
    void poissonPredictsTheRate() {
        Matrix prediction = Matrix.zeros(2, 1);
        new Poisson().predict(row(0, (float) Math.log(3)), prediction);
        assertThat(prediction.values()).containsExactly(new float[] {1, 3}, within(1e-6f));
        new Poisson(PoissonForm.RATE, OutputReduction.MEAN).predict(row(2, 3), prediction);
        assertThat(prediction.values()).containsExactly(2, 3);
    }

    /** A column of outputs of one row. */
    private static Matrix row(float... outputs) {
        return new Matrix(outputs, 0, outputs.length, 1);
    }
}
