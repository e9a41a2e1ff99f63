package dev.backdraft.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.DistributionLoss;
import dev.backdraft.loss.Huber;
import dev.backdraft.loss.Loss;
import dev.backdraft.loss.Losses;
import dev.backdraft.loss.OutputReduction;
import dev.backdraft.loss.Pinball;
import dev.backdraft.loss.Poisson;
import dev.backdraft.loss.PoissonForm;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.loss.Tweedie;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A loss comes back from a model file with its settings: a rate would else be taken for its logarithm. */
class LossSettingsTest {
    private static final Network NETWORK = Network.perceptron(new Tanh(), 3, 2);

    static Stream<Loss> losses() {
        return Stream.concat(
                Losses.all().stream(),
                Stream.of(
                        new Huber(0.25, OutputReduction.SUM),
                        new Poisson(PoissonForm.RATE, OutputReduction.MEAN),
                        new SoftmaxCrossEntropy(0.1),
                        new Pinball(List.of(0.05, 0.95)),
                        new Tweedie(1.2, OutputReduction.SUM),
                        new SquaredError(OutputReduction.SUM)));
    }

    private static byte[] file(Loss loss) {
        return TestModels.bytes(model(loss));
    }

    private static Model model(Loss loss) {
        Network network =
                loss instanceof DistributionLoss one ? Network.perceptron(new Tanh(), 3, one.outputs()) : NETWORK;
        return new Model(network, loss, Preprocessing.none(), network.initialParameters(1), Map.of());
    }

    @ParameterizedTest
    @MethodSource("losses")
    void theSettingsComeBack(Loss loss) throws IOException {
        assertThat(TestModels.read(file(loss)).loss()).isEqualTo(loss);
    }

    @Test
    void theUsualSettingsAreTheNameAlone() {
        assertThat(new String(file(new Huber()), StandardCharsets.UTF_8)).contains("\"loss\":\"huber\"");
    }

    @Test
    void aLossThatIsNotWrittenSoIsRefused() {
        byte[] file = TestModels.withoutChecksums(model(new Huber(0.25, OutputReduction.SUM)));
        String text = new String(file, StandardCharsets.ISO_8859_1);
        for (String[] lie : new String[][] {{"0.25", "-1.0"}, {"\\\"delta\\\"", "\\\"dolta\\\""}, {"sum", "som"}}) {
            byte[] changed = text.replace(lie[0], lie[1]).getBytes(StandardCharsets.ISO_8859_1);
            assertThatThrownBy(() -> TestModels.read(changed))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContaining("its loss: ");
        }
    }
}
