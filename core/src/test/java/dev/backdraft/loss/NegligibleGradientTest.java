package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.linalg.Matrix;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Rows that a network has long learned leave no numbers near the smallest float, with which processors are slow. */
class NegligibleGradientTest {
    private static final float SMALLEST = 0x1p-110f; // negligible slopes times a level or a divisor

    static Stream<Loss> losses() {
        return Stream.of(
                new SoftmaxCrossEntropy(),
                new SoftmaxCrossEntropy(0.1),
                new SoftmaxKlDivergence(),
                new SoftmaxFocal(2.5),
                new SigmoidCrossEntropy(),
                new SigmoidFocal(),
                new Pinball(List.of(0.1, 0.9)),
                new Normal());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void gradientsAreZeroOrFarFromTheSmallestFloat(Loss loss) {
        for (float z = 0; z < 140; z += 0.25f) {
            for (float sign : new float[] {1, -1}) {
                for (float t : new float[] {0, 1}) {
                    Matrix d = Matrix.zeros(2, 1);
                    Matrix logits = new Matrix(new float[] {sign * z, -sign * z}, 0, 2, 1);
                    loss.sum(logits, target(loss, t), null, d);
                    for (float slope : d.values()) {
                        assertThat(slope == 0 || Math.abs(slope) >= SMALLEST)
                                .as("%s at %s, %s: %s", loss.name(), logits.get(0, 0), t, slope)
                                .isTrue();
                    }
                }
            }
        }
    }

    private static Matrix target(Loss loss, float t) {
        boolean perOutput = loss instanceof ElementwiseLoss;
        return perOutput ? new Matrix(new float[] {t, 1 - t}, 0, 2, 1) : new Matrix(new float[] {t}, 0, 1, 1);
    }

    @Test
    void weightsThatAreSmallDoNotMakeGradientsZero() {
        Matrix d = Matrix.zeros(2, 1);
        new SoftmaxCrossEntropy()
                .sum(
                        new Matrix(new float[] {0, 0}, 0, 2, 1),
                        target(new SoftmaxCrossEntropy(), 0),
                        new float[] {0x1p-110f},
                        d);
        assertThat(d.values()).containsExactly(-0x1p-111f, 0x1p-111f);
    }
}
