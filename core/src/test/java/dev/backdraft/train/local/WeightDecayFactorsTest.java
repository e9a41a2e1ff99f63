package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.json.Records;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.AdamW;
import dev.backdraft.optim.Lamb;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Lion;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.ParameterLayout;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.tensor.Tensor;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Weight decay and penalties that differ between layers and kinds of tensors. */
class WeightDecayFactorsTest {
    private static final int ROWS = 90;
    private static final Network NETWORK = Network.builder(4)
            .dense(7)
            .layerNorm()
            .activation(new Tanh())
            .dense(5)
            .activation(new Tanh())
            .dense(3)
            .build();
    private static final TrainingConfig CONFIG = new TrainingConfig()
            .withEpochs(3)
            .withBatchSize(20)
            .withLearningRate(0.01)
            .withOptimizer(new Sgd());
    private static final TrainingConfig ONE_STEP =
            CONFIG.withEpochs(1).withBatchSize(BatchLayout.FULL_BATCH).withLearningRate(0.5);

    private static List<Example> rows() {
        Random random = new Random(5);
        List<Example> rows = new ArrayList<>();
        for (int n = 0; n < ROWS; n++) {
            float[] features = new float[4];
            for (int i = 0; i < features.length; i++) {
                features[i] = (float) random.nextGaussian();
            }
            rows.add(Example.dense(features, n % 3));
        }
        return rows;
    }

    private static Model train(TrainingConfig config) {
        return LocalTraining.train(TrainingRequest.of(NETWORK, config), rows());
    }

    static Stream<Arguments> decays() {
        TrainingConfig full = CONFIG.withBatchSize(BatchLayout.FULL_BATCH).withLearningRate(1);
        return Stream.of(
                Arguments.of(CONFIG.withWeightDecay(0.1), CONFIG.withWeightDecay(0.4)),
                Arguments.of(
                        CONFIG.withOptimizer(new Adam()).withWeightDecay(0.1).withPenalizeBiases(true),
                        CONFIG.withOptimizer(new Adam()).withWeightDecay(0.4).withPenalizeBiases(true)),
                Arguments.of(
                        CONFIG.withOptimizer(new Momentum()).withPenalty(new Penalty(0.5, 2)),
                        CONFIG.withOptimizer(new Momentum()).withPenalty(new Penalty(2, 8))),
                Arguments.of(
                        full.withOptimizer(new Lbfgs()).withPenalty(new Penalty(0, 0.25)),
                        full.withOptimizer(new Lbfgs()).withPenalty(new Penalty(0, 1))),
                Arguments.of(
                        CONFIG.withOptimizer(Records.with(new AdamW(), "weightDecay", 0.1)),
                        CONFIG.withOptimizer(Records.with(new AdamW(), "weightDecay", 0.4))),
                Arguments.of(
                        CONFIG.withOptimizer(Records.with(new Lion(), "weightDecay", 0.1)),
                        CONFIG.withOptimizer(Records.with(new Lion(), "weightDecay", 0.4))),
                Arguments.of(
                        CONFIG.withOptimizer(Records.with(new Lamb(), "weightDecay", 0.1)),
                        CONFIG.withOptimizer(Records.with(new Lamb(), "weightDecay", 0.4))));
    }

    /** The same bits, as the factor is a power of two; in whatever way the decay is set. */
    @ParameterizedTest
    @MethodSource("decays")
    void fourTimesTheDecayForAllLayersIsFourTimesTheDecay(TrainingConfig config, TrainingConfig fourTimes)
            throws IOException {
        String expected = train(fourTimes).weightsSha256();
        assertThat(train(config).weightsSha256()).isNotEqualTo(expected);
        TrainingConfig factors = config.withWeightDecayFactors("0-9=4");
        assertThat(train(factors).weightsSha256()).isEqualTo(expected);
        assertThat(train(config.withWeightDecayFactors("weight=4,0-9=1")).weightsSha256())
                .as("weights alone, unless biases decay, too")
                .satisfies(hash -> {
                    if (!config.penalizeBiases()) {
                        assertThat(hash).isEqualTo(expected);
                    } else {
                        assertThat(hash).isNotEqualTo(expected);
                    }
                });
        assertThat(LocalTraining.train(
                                TrainingRequest.of(NETWORK, factors), MemorySource.of(rows(), 3), null, 3, List.of())
                        .weightsSha256())
                .isEqualTo(expected);
    }

    private static double factor(Tensor tensor) {
        return (tensor.layer() == 0 ? 0 : 1) * (tensor.layer() == 3 ? 2.5 : 1);
    }

    @Test
    void aStepShrinksEachLayerByItsFactor() {
        float[] before = NETWORK.initialParameters(CONFIG.seed());
        float[] plain = train(ONE_STEP).parameters();
        float[] decayed = train(ONE_STEP.withWeightDecay(0.1).withWeightDecayFactors("0=0,3=2.5"))
                .parameters();
        float[] penalized = train(ONE_STEP.withPenalty(new Penalty(3, 5)).withWeightDecayFactors("0=0,3=2.5"))
                .parameters();
        for (Tensor tensor : NETWORK.layout().parameters()) {
            boolean isWeight = tensor.parameter().name().equals("weight");
            double factor = isWeight ? factor(tensor) : 0;
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                double w = before[i];
                assertThat((double) decayed[i] - plain[i])
                        .as(tensor.name())
                        .isCloseTo(-0.5 * 0.1 * factor * w, within(1e-6));
                assertThat((double) penalized[i] - plain[i])
                        .as(tensor.name())
                        .isCloseTo(-0.5 * factor * (3 * Math.signum(w) + 5 * w) / ROWS, within(1e-6));
            }
        }
    }

    /** The gradient is that of the penalty, which line searches compare. */
    @Test
    void thePenaltyHasTheFactorsOfItsGradient() {
        List<Tensor> tensors = NETWORK.layout().parameters();
        List<Double> factors =
                tensors.stream().map(WeightDecayFactorsTest::factor).toList();
        ParameterLayout layout = new ParameterLayout(tensors, false, List.of(), factors);
        float[] parameters = NETWORK.initialParameters(1);
        double expected = 0;
        for (Tensor tensor : tensors) {
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                double w = tensor.parameter().name().equals("weight") ? parameters[i] : 0;
                expected += factor(tensor) * (3 * Math.abs(w) + 5 * w * w / 2) / ROWS;
            }
        }
        assertThat(new Penalty(3, 5).value(layout, parameters, ROWS)).isCloseTo(expected, within(1e-12));
    }

    @Test
    void theLargestNormHoldsWithoutDecayToo() {
        TrainingConfig config = CONFIG.withMaxNorm(0.2).withWeightDecay(0.1).withWeightDecayFactors("0=0");
        float[] parameters = train(config).parameters();
        for (int unit = 0; unit < 7; unit++) {
            double square = 0;
            for (int input = 0; input < 4; input++) {
                double w = parameters[input * 7 + unit]; // column by column
                square += w * w;
            }
            assertThat(Math.sqrt(square)).isLessThan(0.2 + 1e-6);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7=0     | weightDecayFactors names 7, but only these layers have weights: 0, 1, 3, 5",
                "slow    | weightDecayFactors is \"slow\", but must have parts such as",
                "0=-1    | weightDecayFactors has the factor -1 for 0",
                "bias=2  | weightDecayFactors names bias, but only weights decay, not biases and scales: set penalizeBiases",
                "1=0     | weightDecayFactors names 1, but only weights decay",
            })
    void whatDoesNotDecayIsRefused(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        TrainingRequest.of(NETWORK, CONFIG.withWeightDecay(0.1).withWeightDecayFactors(text)))
                .withMessageContaining(message);
    }

    @Test
    void factorsNeedADecay() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRequest.of(NETWORK, CONFIG.withWeightDecayFactors("0=2")))
                .withMessage("weightDecayFactors changes weightDecay and penalties, which are 0: set one of them, or"
                        + " leave out the factors");
        TrainingConfig biases = CONFIG.withPenalizeBiases(true).withPenalty(new Penalty(0, 1));
        assertThat(TrainingRequest.of(NETWORK, biases.withWeightDecayFactors("bias=2,1=0")))
                .isNotNull();
    }
}
