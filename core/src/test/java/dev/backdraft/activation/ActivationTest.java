package dev.backdraft.activation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.initializer.GlorotUniform;
import dev.backdraft.initializer.HeNormal;
import dev.backdraft.initializer.LecunNormal;
import dev.backdraft.json.RecordJson;
import dev.backdraft.linalg.Matrix;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Each activation's slope is the slope of its formula, and its loops look at nothing but their entries. */
class ActivationTest {
    private static final float[] GRID = {
        -1e30f, -200, -89, -40, -7.3f, -3.1f, -2.4f, -1, -0.3f, -1e-4f, -1e-30f, 1e-30f, 1e-4f, 0.2f, 0.9f, 2.4f, 3.1f,
        6.6f, 40, 200, 1e30f
    };

    static Stream<Activation> everyActivation() {
        return Stream.concat(
                Activations.CATALOG.all().stream(),
                Stream.of(new LeakyRelu(0.3), new Elu(0.5), new Gelu(GeluForm.TANH), new HardSigmoid(0.2)));
    }

    static Stream<ScalarActivation> everyFormula() {
        return everyActivation().filter(ScalarActivation.class::isInstance).map(ScalarActivation.class::cast);
    }

    @ParameterizedTest
    @MethodSource("everyFormula")
    void theSlopeIsThatOfTheFormula(ScalarActivation f) {
        double h = 1e-5;
        for (double x = -6.013; x < 6; x += 0.0937) { // not on a kink
            double difference = (f.value(x + h) - f.value(x - h)) / (2 * h);
            assertThat(f.slope(x, (float) f.value(x)))
                    .as("%s at %s", f, x)
                    .isCloseTo(difference, within(1e-7 * (1 + Math.abs(difference))));
        }
    }

    @ParameterizedTest
    @MethodSource("everyActivation")
    void theGradientMayOverwriteThatOfTheOutput(Activation f) {
        Matrix x = new Matrix(GRID.clone(), 0, 3, 7);
        Matrix y = Matrix.zeros(3, 7);
        f.forward(x, y);
        Matrix dy = Matrix.zeros(3, 7);
        Arrays.fill(dy.values(), 0.75f);
        Matrix dx = Matrix.zeros(3, 7);
        f.backward(x, y, dy, dx);
        f.backward(x, y, dy, dy);

        assertThat(dy.values()).containsExactly(dx.values());
        assertThat(x.values()).as("only read").containsExactly(GRID);
    }

    @ParameterizedTest
    @MethodSource("everyActivation")
    void entriesAroundAViewAreNotTouched(Activation f) {
        float[] x = new float[GRID.length + 5];
        System.arraycopy(GRID, 0, x, 2, GRID.length);
        float[] y = new float[GRID.length + 9];
        float[] dx = new float[GRID.length + 3];
        float[] dy = new float[GRID.length + 1];
        Arrays.fill(y, 77);
        Arrays.fill(dx, 77);
        Arrays.fill(dy, -2);
        Matrix plainX = new Matrix(GRID, 0, 1, GRID.length);
        Matrix plainY = Matrix.zeros(1, GRID.length);
        f.forward(plainX, plainY);
        Matrix plainDx = Matrix.zeros(1, GRID.length);
        Matrix plainDy = Matrix.zeros(1, GRID.length);
        Arrays.fill(plainDy.values(), -2);
        f.backward(plainX, plainY, plainDy, plainDx);

        Matrix viewX = new Matrix(x, 2, 1, GRID.length);
        Matrix viewY = new Matrix(y, 6, 1, GRID.length);
        f.forward(viewX, viewY);
        f.backward(viewX, viewY, new Matrix(dy, 1, 1, GRID.length), new Matrix(dx, 3, 1, GRID.length));
        assertThat(Arrays.copyOfRange(y, 6, 6 + GRID.length)).containsExactly(plainY.values());
        assertThat(Arrays.copyOf(y, 6)).containsOnly(77);
        assertThat(Arrays.copyOfRange(y, 6 + GRID.length, y.length)).containsOnly(77);
        assertThat(Arrays.copyOfRange(dx, 3, dx.length)).containsExactly(plainDx.values());
        assertThat(Arrays.copyOf(dx, 3)).containsOnly(77);
    }

    @ParameterizedTest
    @MethodSource("everyActivation")
    void extremesAreNumbers(Activation f) {
        Matrix x = new Matrix(GRID, 0, 1, GRID.length);
        Matrix y = Matrix.zeros(1, GRID.length);
        f.forward(x, y);
        Matrix dy = Matrix.zeros(1, GRID.length);
        Arrays.fill(dy.values(), 1);
        Matrix dx = Matrix.zeros(1, GRID.length);
        f.backward(x, y, dy, dx);
        for (int i = 0; i < GRID.length; i++) {
            boolean overflows = f instanceof Exp && GRID[i] > 88;
            assertThat(Float.isFinite(y.values()[i])).as("f(%s)", GRID[i]).isEqualTo(!overflows);
            assertThat(Float.isFinite(dx.values()[i])).as("f'(%s)", GRID[i]).isEqualTo(!overflows);
        }
    }

    /** f and f' of mpmath with 40 digits. */
    @Test
    void geluIsExactInDouble() {
        double[][] reference = {
            {-37, -2.1184613523340935e-298, -7.838298669418516e-297},
            {-20, -5.507248237212468e-88, -1.1014360483133464e-86},
            {-8, -4.976768459417427e-15, -3.979607261086796e-14},
            {-5, -1.4332578593959695e-06, -7.146946001792295e-06},
            {-2.5, -0.015524163314440337, -0.03761108590814521},
            {-1, -0.15865525393145705, -0.0833154705876863},
            {-0.5, -0.15426876936299344, 0.13250487534383715},
            {-0.001, -0.000499601057786089, 0.4992021157051586},
            {0.25, 0.14967658142073093, 0.695373354883636},
            {0.75, 0.5800294857173488, 0.9992257217392351},
            {1.5, 1.399789198096713, 1.1274691922299795},
            {3, 2.99595030590511, 1.011945647204184},
            {6, 5.999999994080474, 1.0000000354687095},
            {9, 9.0, 1.0}
        };
        Gelu gelu = new Gelu();
        for (double[] point : reference) {
            assertThat(gelu.value(point[0]))
                    .as("f(%s)", point[0])
                    .isCloseTo(point[1], within(2e-13 * Math.abs(point[1])));
            assertThat(gelu.slope(point[0], 0))
                    .as("f'(%s)", point[0])
                    .isCloseTo(point[2], within(2e-13 * Math.abs(point[2]) + 1e-16));
        }
        assertThat(gelu.value(-50)).isZero();
        assertThat(gelu.value(50)).isEqualTo(50);
    }

    /** Weights of these variances keep the mean square of signals within a factor over ten layers, so learning can start. */
    @ParameterizedTest
    @MethodSource("everyActivation")
    void theUsualInitializerFitsTheShapeOfTheFunction(Activation f) {
        Matrix slope = Matrix.zeros(1, 2);
        Matrix x = new Matrix(new float[] {-4, 4}, 0, 1, 2);
        Matrix y = Matrix.zeros(1, 2);
        f.forward(x, y);
        f.backward(x, y, new Matrix(new float[] {1, 1}, 0, 1, 2), slope);
        boolean halved =
                y.values()[1] > 3.5 && y.values()[1] < 5 && Math.abs(y.values()[0]) < 1.5; // passes half of its input
        if (halved && !(f instanceof Selu)) {
            assertThat(f.initializer()).as("%s", f).isEqualTo(new HeNormal());
        } else if (!(f instanceof Selu)) {
            assertThat(f.initializer()).as("%s", f).isEqualTo(new GlorotUniform());
        } else {
            assertThat(f.initializer()).isEqualTo(new LecunNormal());
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "leaky-relu:slope=NaN | the slope of a leaky ReLU must be a finite number: NaN",
                "elu:alpha=-1 | the alpha of an ELU must be at least 0 and finite: -1.0",
                "elu:alpha=Infinity | the alpha of an ELU must be at least 0 and finite: Infinity",
                "hard-sigmoid:slope=0 | the slope of a hard sigmoid must be positive and finite: 0.0",
                "gelu:form=erf | form is \"erf\", but must be exact or tanh",
            })
    void settingsThatMakeNoSenseAreRefused(String text, String says) {
        RecordJson json = new RecordJson(List.of(Activations.CATALOG));
        assertThatThrownBy(() -> json.read(text, Activations.CATALOG))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(says);
    }
}
