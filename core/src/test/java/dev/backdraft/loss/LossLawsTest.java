package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import dev.backdraft.linalg.SplitMix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every loss, whatever its formula: rows and weights add, the gradient is that of the value. */
class LossLawsTest {
    private static final float STEP = 0x1p-9f;
    private static final int MOST_ROWS = 9;

    /** A loss and a number of outputs. */
    record Case(Loss loss, int outputs) {
        /** Whether outputs between 0 and 1 suit the loss, and others may not. */
        boolean onProbabilities() {
            return loss.outputRange() != OutputRange.ANY;
        }

        /** Outputs [outputs × rows] that are away from kinks and edges. */
        Matrix outputs(int rows) {
            SplitMix random = SplitMix.at(1, 2, outputs, 0);
            Matrix z = Matrix.zeros(outputs, rows);
            for (int i = 0; i < z.size(); i++) {
                // hinges have their kink at ±1, errors at their target, a multiple of 1/4 off it
                z.values()[i] = onProbabilities()
                        ? (float) (0.05 + 0.9 * random.nextDouble())
                        : random.nextInt(12) / 4f - 1.375f;
            }
            return z;
        }

        Matrix target(int rows) {
            SplitMix random = SplitMix.at(1, 3, outputs, 0);
            Matrix t = Matrix.zeros(loss.labelCount(outputs), rows);
            for (int i = 0; i < t.size(); i++) {
                t.values()[i] = loss.target().classifies()
                        ? random.nextInt(loss.target().classCount(outputs))
                        : loss.target() == Target.COUNT || loss.target() == Target.POSITIVE
                                ? random.nextInt(4) + (loss.target() == Target.POSITIVE ? 0.5f : 0)
                                : random.nextInt(12) / 4f - 1.25f;
            }
            return loss.target() == Target.DISTRIBUTION ? distributions(outputs, rows) : t;
        }

        @Override
        public String toString() {
            return loss + " of " + outputs;
        }
    }

    static Stream<Case> everyLoss() {
        Stream<Loss> others = Stream.of(
                new SquaredError(OutputReduction.SUM),
                new AbsoluteError(OutputReduction.SUM),
                new BiasError(OutputReduction.SUM),
                new BiasError(OutputReduction.MEAN, BiasOrder.TRUE_MINUS_PREDICTED),
                new Huber(0.25, OutputReduction.SUM),
                new Huber(1.5, OutputReduction.MEAN),
                new LogCosh(OutputReduction.SUM),
                new Poisson(PoissonForm.LOG_RATE, OutputReduction.SUM),
                new Poisson(PoissonForm.RATE, OutputReduction.MEAN),
                new Hinge(OutputReduction.MEAN),
                new SquaredHinge(OutputReduction.MEAN),
                new BinaryCrossEntropy(OutputReduction.MEAN),
                new SigmoidCrossEntropy(OutputReduction.MEAN),
                new SigmoidCrossEntropy(OutputReduction.SUM, 0.2),
                new BinaryCrossEntropy(OutputReduction.SUM, 0.2),
                new SigmoidFocal(0.5, 0.75, OutputReduction.MEAN),
                new SoftmaxFocal(0.5),
                new SoftmaxFocal(0),
                new Pinball(List.of(0.3)),
                new Pinball(List.of(0.05, 0.2, 0.5, 0.8, 0.95)),
                new Normal(0.5),
                new Gamma(OutputReduction.SUM),
                new Tweedie(1.1, OutputReduction.SUM),
                new CrossEntropy(0.2),
                new SoftmaxCrossEntropy(0.2),
                new PseudoHuber(2));
        return Stream.concat(Losses.all().stream(), others).flatMap(loss -> (loss instanceof DistributionLoss one
                        ? IntStream.of(one.outputs())
                        : IntStream.of(1, 2, 5))
                .filter(outputs -> loss.target().classCount(outputs) != 1)
                .mapToObj(outputs -> new Case(loss, outputs)));
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void theGradientIsThatOfTheValue(Case one) {
        for (float[] weights : new float[][] {null, weights(3)}) {
            Matrix z = one.outputs(3);
            Matrix t = one.target(3);
            Matrix gradient = Matrix.zeros(one.outputs(), 3);
            one.loss().sum(z, t, weights, gradient);
            for (int i = 0; i < z.size(); i++) {
                double near = difference(one.loss(), z, t, weights, i, STEP);
                double far = difference(one.loss(), z, t, weights, i, 2 * STEP);
                double slope = (4 * near - far) / 3; // the error is of fourth order
                assertThat((double) gradient.values()[i])
                        .as("%s output %d", one, i)
                        .isCloseTo(slope, within(1e-6 + 2e-6 * Math.abs(slope)));
            }
        }
    }

    private static double difference(Loss loss, Matrix z, Matrix t, float[] weights, int i, float step) {
        float kept = z.values()[i];
        float above = kept + step;
        float below = kept - step;
        z.values()[i] = above;
        double up = sum(loss, z, t, weights);
        z.values()[i] = below;
        double down = sum(loss, z, t, weights);
        z.values()[i] = kept;
        return (up - down) / ((double) above - below);
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void theGradientMayOverwriteTheOutputs(Case one) {
        Matrix gradient = Matrix.zeros(one.outputs(), MOST_ROWS);
        Matrix z = one.outputs(MOST_ROWS);
        double sum = one.loss().sum(z, one.target(MOST_ROWS), weights(MOST_ROWS), gradient);
        assertThat(z.values()).containsExactly(one.outputs(MOST_ROWS).values());

        assertThat(one.loss().sum(z, one.target(MOST_ROWS), weights(MOST_ROWS), z))
                .isEqualTo(sum);
        assertThat(z.values()).containsExactly(gradient.values());
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void matricesMayLieAnywhereInTheirArrays(Case one) {
        Matrix gradient = Matrix.zeros(one.outputs(), 4);
        double sum = one.loss().sum(one.outputs(4), one.target(4), null, gradient);
        Matrix moved = moved(gradient, 5);

        assertThat(one.loss().sum(moved(one.outputs(4), 3), moved(one.target(4), 2), null, moved))
                .isEqualTo(sum);
        assertThat(Arrays.copyOfRange(moved.values(), 5, 5 + gradient.size())).containsExactly(gradient.values());

        Matrix prediction = Matrix.zeros(one.outputs(), 4);
        one.loss().predict(one.outputs(4), prediction);
        one.loss().predict(moved(one.outputs(4), 3), moved);
        assertThat(Arrays.copyOfRange(moved.values(), 5, 5 + gradient.size())).containsExactly(prediction.values());
        Matrix alias = one.outputs(4);
        one.loss().predict(alias, alias);
        assertThat(alias.values()).containsExactly(prediction.values());
        assertThat(one.loss().correct(moved(one.outputs(4), 3), moved(one.target(4), 2), null))
                .isEqualTo(one.loss().correct(one.outputs(4), one.target(4), null));
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void rowsAdd(Case one) {
        Matrix z = one.outputs(MOST_ROWS);
        Matrix t = one.target(MOST_ROWS);
        Matrix whole = Matrix.zeros(one.outputs(), MOST_ROWS);
        double sum = one.loss().sum(z, t, null, whole);
        double correct = one.loss().correct(z, t, null);

        double parts = 0;
        double correctParts = 0;
        Matrix gradient = Matrix.zeros(one.outputs(), MOST_ROWS);
        for (int[] cut : new int[][] {{0, 1}, {1, 1}, {1, 6}, {6, MOST_ROWS}}) {
            parts += one.loss()
                    .sum(
                            columns(z, cut[0], cut[1]),
                            columns(t, cut[0], cut[1]),
                            null,
                            columns(gradient, cut[0], cut[1]));
            correctParts += one.loss().correct(columns(z, cut[0], cut[1]), columns(t, cut[0], cut[1]), null);
        }

        assertThat(parts).isCloseTo(sum, within(1e-12 * (1 + Math.abs(sum))));
        assertThat(gradient.values()).containsExactly(whole.values());
        assertThat(correctParts).isEqualTo(correct);
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void aWeightCountsLikeSoManyRows(Case one) {
        Matrix z = one.outputs(3);
        Matrix t = one.target(3);
        float[] weights = {2, 0, 3};
        Matrix gradient = Matrix.zeros(one.outputs(), 3);
        double sum = one.loss().sum(z, t, weights, gradient);

        double repeated = 0;
        double correct = 0;
        Matrix each = Matrix.zeros(one.outputs(), 1);
        for (int n = 0; n < 3; n++) {
            double row = one.loss().sum(columns(z, n, n + 1), columns(t, n, n + 1), null, each);
            repeated += weights[n] * row;
            correct += weights[n] * one.loss().correct(columns(z, n, n + 1), columns(t, n, n + 1), null);
            for (int k = 0; k < one.outputs(); k++) {
                assertThat(gradient.get(k, n))
                        .isCloseTo(weights[n] * each.get(k, 0), within(1e-6f * (1 + Math.abs(each.get(k, 0)))));
            }
        }
        assertThat(sum).isCloseTo(repeated, within(1e-12 * (1 + Math.abs(sum))));
        assertThat(one.loss().correct(z, t, weights)).isEqualTo(correct);
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void theClassPredictedIsTheOneCountedAsCorrect(Case one) {
        Matrix z = one.outputs(MOST_ROWS);
        Matrix t = one.target(MOST_ROWS);
        Matrix prediction = Matrix.zeros(one.outputs(), MOST_ROWS);
        one.loss().predict(z, prediction);
        double correct = 0;
        for (int n = 0; n < MOST_ROWS && one.loss().target().classifies(); n++) {
            boolean right = one.loss().target().asksQuestions()
                    ? sides(prediction, n).equals(sides(t, n))
                    : largest(prediction, n) == (t.rows() == 1 ? t.get(0, n) : largest(t, n));
            correct += right ? 1 : 0;
        }
        assertThat(one.loss().correct(z, t, null)).isEqualTo(correct);
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void aNumberThatIsNoneMakesTheSumNone(Case one) {
        Matrix z = one.outputs(3);
        z.set(0, 1, Float.NaN);
        Matrix t = one.target(3);
        if (t.rows() == 1 && one.loss().target().classifies()) {
            t.set(0, 1, 0);
        }
        assertThat(sum(one.loss(), z, t, null)).isNaN(); // so that training stops at that step
    }

    private static List<Boolean> sides(Matrix matrix, int column) {
        return IntStream.range(0, matrix.rows())
                .mapToObj(k -> matrix.get(k, column) > 0.5f)
                .toList();
    }

    private static int largest(Matrix matrix, int column) {
        int best = 0;
        for (int k = 1; k < matrix.rows(); k++) {
            best = matrix.get(k, column) > matrix.get(best, column) ? k : best;
        }
        return best;
    }

    static double sum(Loss loss, Matrix z, Matrix t, float[] weights) {
        return loss.sum(z, t, weights, Matrix.zeros(z.rows(), z.columns()));
    }

    /** Positive, summing to 1 in each column. */
    static Matrix distributions(int classes, int rows) {
        SplitMix random = SplitMix.at(1, 4, classes, rows);
        Matrix t = Matrix.zeros(classes, rows);
        for (int n = 0; n < rows; n++) {
            double total = 0;
            double[] share = new double[classes];
            for (int k = 0; k < classes; k++) {
                share[k] = 0.1 + random.nextDouble();
                total += share[k];
            }
            for (int k = 0; k < classes; k++) {
                t.set(k, n, (float) (share[k] / total));
            }
        }
        return t;
    }

    private static float[] weights(int rows) {
        float[] weights = new float[rows];
        for (int n = 0; n < rows; n++) {
            weights[n] = 0.5f + n % 3;
        }
        return weights;
    }

    private static Matrix columns(Matrix all, int from, int to) {
        return new Matrix(all.values(), all.offset() + from * all.rows(), all.rows(), to - from);
    }

    private static Matrix moved(Matrix matrix, int offset) {
        float[] values = new float[offset + matrix.size() + 1];
        System.arraycopy(matrix.values(), 0, values, offset, matrix.size());
        return new Matrix(values, offset, matrix.rows(), matrix.columns());
    }
}
