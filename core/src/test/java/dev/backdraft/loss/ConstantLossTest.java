package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import org.junit.jupiter.api.Test;

/** The loss of a constant answer is that of outputs 0, for classes and for values with mean 0 and deviation 1. */
class ConstantLossTest {
    private static double meanLoss(Loss loss, int outputs, Matrix target) {
        Matrix zeros = Matrix.zeros(outputs, target.columns());
        return loss.sum(zeros, target, null, Matrix.zeros(outputs, target.columns())) / target.columns();
    }

    @Test
    void ofClassesWhateverTheirShares() {
        Matrix classes = Matrix.zeros(1, 4);
        classes.set(0, 1, 2);
        for (Loss loss : new Loss[] {new SoftmaxCrossEntropy(), new SoftmaxCrossEntropy(0.2)}) {
            assertThat(meanLoss(loss, 3, classes)).isCloseTo(loss.constantLoss(3), within(1e-6));
        }
        Matrix yes = Matrix.zeros(2, 4);
        yes.set(1, 3, 1);
        for (OutputReduction reduction : OutputReduction.values()) {
            Loss loss = new SigmoidCrossEntropy(reduction);
            assertThat(meanLoss(loss, 2, yes)).isCloseTo(loss.constantLoss(2), within(1e-6));
        }
    }

    @Test
    void ofScaledValues() {
        Matrix values = Matrix.zeros(2, 2);
        values.set(0, 0, 1);
        values.set(0, 1, -1);
        values.set(1, 0, -1);
        values.set(1, 1, 1);
        for (OutputReduction reduction : OutputReduction.values()) {
            Loss loss = new SquaredError(reduction);
            assertThat(meanLoss(loss, 2, values)).isCloseTo(loss.constantLoss(2), within(1e-6));
        }
        assertThat(new AbsoluteError().constantLoss(1)).isNaN();
    }
}
