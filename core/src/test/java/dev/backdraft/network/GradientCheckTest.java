package dev.backdraft.network;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import org.junit.jupiter.api.Test;

/** The tool that finds wrong gradients finds them, and says where. */
class GradientCheckTest {
    private static final Network NETWORK = Network.perceptron(new Tanh(), 2, 3, 2);

    private static double loss(float[] parameters) {
        double sum = 0;
        for (int i = 0; i < parameters.length; i++) {
            sum += (i + 1.0) * parameters[i] * parameters[i];
        }
        return sum;
    }

    private static float[] gradient(float[] parameters) {
        float[] gradient = new float[parameters.length];
        for (int i = 0; i < gradient.length; i++) {
            gradient[i] = 2 * (i + 1) * parameters[i];
        }
        return gradient;
    }

    private static GradientCheck check(float[] parameters, float[] gradient) {
        return GradientCheck.of(NETWORK, parameters, gradient, GradientCheckTest::loss);
    }

    @Test
    void aRightGradientPassesAndTheParametersAreRestored() {
        float[] parameters = NETWORK.initialParameters(1);
        float[] before = parameters.clone();

        GradientCheck check = check(parameters, gradient(parameters));
        assertThat(check.maxRelativeError()).isLessThan(1e-5);
        assertThat(parameters).containsExactly(before);
        assertThat(check.matrices())
                .extracting(worst -> worst.layer() + "." + worst.parameter())
                .containsExactly("0.weight", "0.bias", "2.weight", "2.bias");
    }

    @Test
    void aWrongEntryIsNamed() {
        float[] parameters = NETWORK.initialParameters(1);
        float[] gradient = gradient(parameters);
        int at = NETWORK.layout().offset(2) + 2 + 1; // W [2 × 3] of the second dense layer, column 1, row 1
        gradient[at] += 5;

        GradientCheck check = check(parameters, gradient);
        GradientCheck.Worst worst = check.matrices().get(2);
        assertThat(worst.row()).isEqualTo(1);
        assertThat(worst.column()).isEqualTo(1);
        assertThat(worst.backpropagated() - worst.numerical()).isCloseTo(5, within(1e-3));
        assertThat(worst.relativeError()).isGreaterThan(0.1).isEqualTo(check.maxRelativeError());
        assertThat(check.matrices().get(0).relativeError()).isLessThan(1e-5);
    }

    @Test
    void whatIsNotANumberIsTheWorst() {
        float[] parameters = NETWORK.initialParameters(1);
        float[] gradient = gradient(parameters);
        gradient[1] = Float.NaN;
        gradient[4] += 5;

        GradientCheck check = check(parameters, gradient);
        assertThat(check.maxRelativeError()).isNaN();
        assertThat(check.matrices().get(0).backpropagated()).isNaN();
        assertThat(check.matrices().get(0).row()).isEqualTo(1);
    }

    @Test
    void twoGradientsOfZeroAgree() {
        float[] parameters = NETWORK.initialParameters(1);
        float[] zeros = new float[NETWORK.length()];
        assertThat(GradientCheck.of(NETWORK, parameters, zeros, any -> 7).maxRelativeError())
                .isZero();
    }
}
