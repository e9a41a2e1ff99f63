package dev.backdraft.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.linalg.Matrix;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Fixed functions of each feature, feature by feature. */
class BasisTest {
    private static final Matrix X = new Matrix(new float[] {0.5f, -2, 3, 0}, 0, 2, 2); // two rows of two features

    private static float[] values(Layer layer) {
        return new LayerRun(layer).evaluate(X).values();
    }

    @Test
    void powers() {
        assertThat(values(new PolynomialBasis(2, 3)))
                .containsExactly(0.5f, 0.25f, 0.125f, -2, 4, -8, 3, 9, 27, 0, 0, 0);
    }

    @Test
    void bumps() {
        float far = (float) Math.exp(-2); // two widths away
        assertThat(values(new RadialBasis(2, 3, -2, 3, 0.25)))
                .containsExactly(
                        new float[] {0, 1, 0, 1, 0, 0, 0, 0, 1, 0, far, 0}, within(1e-6f)); // centres -2, 0.5, 3
        assertThat(values(new RadialBasis(2, 1, -1, 2, 1))[0])
                .as("one alone is in the middle")
                .isEqualTo(1);
    }

    @Test
    void wavesOfEachFeature() {
        assertThat(values(new FourierBasis(2, 2, 2)))
                .containsExactly(
                        new float[] {1, 0, 0, -1, 0, 1, 0, 1, 0, -1, 0, 1, 0, 1, 0, 1},
                        within(1e-6f)); // sin πx, cos πx, sin 2πx …
    }

    @Test
    void theGradientSumsOverTheFunctionsOfAFeature() {
        for (Basis basis :
                List.of(new PolynomialBasis(2, 4), new RadialBasis(2, 5, -1, 1, 0.7), new FourierBasis(2, 3, 5))) {
            LayerRun run = new LayerRun(basis);
            run.train(X, null, null);
            Matrix dy = LayerRun.random(basis.outputSize(), 2, 1);
            Matrix dx = run.backward(dy);
            double h = 1e-6;
            for (int i = 0; i < X.size(); i++) {
                double expected = 0;
                for (int k = 0; k < basis.functions(); k++) {
                    double x = X.values()[i];
                    expected += dy.values()[i * basis.functions() + k]
                            * (basis.value(k, x + h) - basis.value(k, x - h))
                            / (2 * h);
                }
                assertThat((double) dx.values()[i])
                        .as("%s", basis)
                        .isCloseTo(expected, within(1e-5 * (1 + Math.abs(expected))));
            }
        }
    }

    @Test
    void settingsThatMakeNoSenseAreRefused() {
        assertThatThrownBy(() -> new PolynomialBasis(1, 0)).hasMessageContaining("degree 0: both must be positive");
        assertThatThrownBy(() -> new PolynomialBasis(1 << 20, 1 << 20))
                .hasMessageContaining("has 1,099,511,627,776 outputs: at most 2,147,483,647 are possible");
        assertThatThrownBy(() -> new RadialBasis(1, 0, 0, 1, 1)).hasMessageContaining("0 bumps: both must be positive");
        assertThatThrownBy(() -> new RadialBasis(1, 3, 1, 1, 1)).hasMessageContaining("from 1.0 to 1.0");
        assertThatThrownBy(() -> new RadialBasis(1, 3, 0, 1, 0)).hasMessageContaining("the width positive");
        assertThatThrownBy(() -> new FourierBasis(1, 0, 1)).hasMessageContaining("0 harmonics");
        assertThatThrownBy(() -> new FourierBasis(1, 1, Double.NaN))
                .hasMessageContaining("period must be positive and finite: NaN");
    }
}
