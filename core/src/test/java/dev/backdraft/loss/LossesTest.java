package dev.backdraft.loss;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.backdraft.json.RecordJson;
import dev.backdraft.linalg.Matrix;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The list of losses, their names and settings, and losses of one's own. */
class LossesTest {
    static Stream<Loss> everyLoss() {
        return Losses.all().stream();
    }

    @Test
    void namesAreThoseOfTheFiles() {
        assertThat(Losses.all())
                .extracting(Loss::name)
                .containsExactly(
                        "softmax-cross-entropy",
                        "sigmoid-cross-entropy",
                        "squared-error",
                        "root-squared-error",
                        "absolute-error",
                        "bias-error",
                        "huber",
                        "log-cosh",
                        "poisson",
                        "gamma",
                        "tweedie",
                        "pinball",
                        "normal",
                        "hinge",
                        "squared-hinge",
                        "cross-entropy",
                        "binary-cross-entropy",
                        "kl-divergence",
                        "softmax-kl-divergence",
                        "softmax-focal",
                        "sigmoid-focal",
                        "pseudo-huber"); // one's own, behind ours
        assertThat(Losses.named("pseudo-huber")).isEqualTo(new PseudoHuber());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Losses.named("Huber"))
                .withMessageStartingWith("unknown loss 'Huber' (did you mean 'huber'?): use softmax-cross-entropy, ")
                .withMessageEndingWith(", pseudo-huber");
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void aLossIsARecordMadeByItsName(Loss loss) throws ReflectiveOperationException {
        assertThat(Losses.named(loss.name())).isEqualTo(loss);
        assertThat(loss.getClass().isRecord()).isTrue();
        assertThat(loss.getClass().getConstructor().newInstance()).isEqualTo(loss);
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void aLossTravels(Loss loss) throws IOException, ClassNotFoundException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(loss);
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            assertThat(in.readObject()).isEqualTo(loss);
        }
    }

    @ParameterizedTest
    @MethodSource("everyLoss")
    void targetsOfAnotherShapeAreRefused(Loss loss) {
        Matrix z = Matrix.zeros(3, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> loss.sum(z, Matrix.zeros(2, 2), null, z))
                .withMessageStartingWith(loss.name() + ": targets [2 x 2]")
                .withMessageEndingWith("outputs [3 x 2]");
    }

    @ParameterizedTest
    @ValueSource(floats = {-1, 3, 0.5f, Float.NaN})
    void aClassThatThereIsNotIsRefused(float index) {
        Matrix z = Matrix.zeros(3, 2);
        Matrix target = new Matrix(new float[] {2, index}, 0, 1, 2);
        for (Loss loss : List.of(new SoftmaxCrossEntropy(), new CrossEntropy())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> loss.sum(z, target, null, z))
                    .withMessage(loss.name() + ": class " + index + " in column 1, but 3 outputs are classes 0 to 2");
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.1, 1, Double.NaN})
    void aLabelSmoothingOutsideItsRangeIsRefused(double smoothing) {
        String message = "label smoothing must be at least 0 and below 1: " + smoothing;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftmaxCrossEntropy(smoothing))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigmoidCrossEntropy(OutputReduction.SUM, smoothing))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new BinaryCrossEntropy(OutputReduction.SUM, smoothing))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new CrossEntropy(smoothing))
                .withMessage(message);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, 0, Double.NaN, Double.POSITIVE_INFINITY})
    void aDeltaThatIsNoDistanceIsRefused(double delta) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Huber(delta, OutputReduction.MEAN))
                .withMessage("delta must be positive and finite: " + delta);
    }

    @ParameterizedTest
    @ValueSource(doubles = {-1, Double.NaN, Double.POSITIVE_INFINITY})
    void aFocusThatIsNoExponentIsRefused(double gamma) {
        String message = "gamma must be at least 0 and finite: " + gamma;
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SoftmaxFocal(gamma))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigmoidFocal(gamma, 0.5, OutputReduction.SUM))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new SigmoidFocal(1, gamma, OutputReduction.SUM))
                .withMessage("alpha must be between 0 and 1: " + gamma);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, 2, Double.NaN})
    void aPowerThatIsAnotherLossIsRefused(double power) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Tweedie(power, OutputReduction.MEAN))
                .withMessage("power must be above 1, which is poisson, and below 2, which is gamma: " + power);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[0.5, 0.5]", "[0.9, 0.1]", "[0.0, 0.5]", "[0.5, 1.0]"})
    void levelsThatAreNoQuantilesAreRefused(String levels) {
        List<Double> parsed = Arrays.stream(levels.replaceAll("[\\[\\] ]", "").split(","))
                .filter(text -> !text.isEmpty())
                .map(Double::valueOf)
                .toList();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pinball(parsed))
                .withMessage(
                        parsed.isEmpty()
                                ? "levels must be at least one, such as 0.1;0.5;0.9"
                                : "levels must ascend and be above 0 and below 1, such as 0.1;0.5;0.9: " + levels);
    }

    @Test
    void aReductionIsNeeded() {
        assertThatNullPointerException()
                .isThrownBy(() -> new SquaredError(null))
                .withMessage("reduction");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "huber:delta=2.5,reduction=sum",
                "squared-error:reduction=sum",
                "hinge:reduction=mean",
                "poisson:form=rate",
                "softmax-cross-entropy:labelSmoothing=0.1",
                "sigmoid-cross-entropy:labelSmoothing=0.1",
                "binary-cross-entropy:labelSmoothing=0.1",
                "softmax-focal:gamma=1.5",
                "sigmoid-focal:gamma=1,alpha=0.75",
                "tweedie:power=1.2",
                "gamma:reduction=sum",
                "pinball:levels=0.25;0.75",
                "normal:minimumDeviation=0.1",
                "pseudo-huber:delta=3"
            })
    void settingsAreReadAndWritten(String text) {
        RecordJson json = new RecordJson(List.of(Losses.CATALOG));
        Loss loss = json.read(text, Losses.CATALOG);
        assertThat(loss).isNotEqualTo(Losses.named(loss.name()));
        assertThat(json.read(json.write(loss), Losses.CATALOG)).isEqualTo(loss);
    }
}
