package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.loss.AbsoluteError;
import dev.backdraft.loss.SoftmaxCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Clipping;
import dev.backdraft.optim.Lamb;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Penalty;
import dev.backdraft.optim.Sgd;
import dev.backdraft.optim.TensorFactors;
import dev.backdraft.tensor.Tensor;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Learning rates that differ between layers and kinds of tensors, and layers that are frozen. */
class LearningRateFactorsTest {
    private static final Network NETWORK = Network.builder(4)
            .dense(7)
            .batchNorm()
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

    private static List<Example> rows() {
        Random random = new Random(5);
        List<Example> rows = new ArrayList<>();
        for (int n = 0; n < 90; n++) {
            float[] features = new float[4];
            for (int i = 0; i < features.length; i++) {
                features[i] = random.nextInt(3) == 0 ? 0 : (float) random.nextGaussian();
            }
            rows.add(Example.dense(features, n % 3));
        }
        return rows;
    }

    private static Model train(TrainingConfig config) {
        return LocalTraining.train(TrainingRequest.of(NETWORK, config), rows());
    }

    private static float[] values(Tensor tensor, float[] flat) {
        return Arrays.copyOfRange(flat, tensor.offset(), tensor.end());
    }

    static List<Optimizer> optimizers() {
        return List.of(new Sgd(), new Momentum(), new Adam());
    }

    /** Whatever else would change a weight: decay, a penalty, the largest norm, and the state of an optimizer. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void frozenTensorsKeepTheirBits(Optimizer optimizer) throws IOException {
        TrainingConfig config = CONFIG.withOptimizer(optimizer)
                .withWeightDecay(0.1)
                .withPenalty(new Penalty(0.5, 0.5))
                .withMaxNorm(0.2)
                .withPenalizeBiases(true)
                .withClipping(new Clipping(0, 0.1))
                .withLearningRateFactors("0-1=0,bias=0");
        Model model = train(config);
        float[] before = NETWORK.initialParameters(config.seed());
        float[] after = model.parameters();
        for (Tensor tensor : NETWORK.layout().parameters()) {
            boolean frozen = tensor.layer() <= 1 || tensor.parameter().name().equals("bias");
            assertThat(Arrays.equals(values(tensor, before), values(tensor, after)))
                    .as(tensor.name())
                    .isEqualTo(frozen);
        }
        TrainingRequest request = TrainingRequest.of(NETWORK, config);
        assertThat(LocalTraining.train(request, MemorySource.of(rows(), 3), null, 3, List.of())
                        .weightsSha256())
                .isEqualTo(model.weightsSha256());
    }

    /** Layers behind frozen ones learn what a network of them alone learns from the outputs of the frozen ones. */
    @Test
    void whatIsNotFrozenLearnsAsIfItWereAlone() {
        Network whole =
                Network.builder(4).dense(6).activation(new Tanh()).dense(3).build();
        TrainingConfig config = CONFIG.withBatchSize(BatchLayout.FULL_BATCH)
                .withLearningRate(0.5)
                .withClipping(new Clipping(0, 0.05)); // by a norm that frozen layers must not count in
        Model start = LocalTraining.train(TrainingRequest.of(whole, config), rows());
        Model tuned = LocalTraining.train(
                TrainingRequest.of(whole, config.withLearningRateFactors("0=0")),
                rows(),
                List.of(),
                TrainingStart.from(start));

        Network last = Network.builder(6).dense(3).build();
        int head = whole.layout().offset(2);
        float[] parameters = start.parameters();
        Model alone = Model.keeping(
                Arrays.copyOfRange(parameters, head, parameters.length),
                last,
                new SoftmaxCrossEntropy(),
                start.preprocessing(),
                start.provenance());
        List<Example> embedded = new ArrayList<>();
        for (Example row : rows()) {
            float[] features = new float[4];
            row.copyTo(features, 0, 4);
            embedded.add(Example.dense(start.embed(features, 1), row.label()));
        }
        Model expected =
                LocalTraining.train(TrainingRequest.of(last, config), embedded, List.of(), TrainingStart.from(alone));
        assertThat(tuned.parameters()).startsWith(Arrays.copyOf(parameters, head));
        for (int i = 0; i < expected.parameters().length; i++) {
            assertThat(tuned.parameters()[head + i]).isCloseTo(expected.parameters()[i], within(1e-6f));
        }
    }

    @Test
    void halfTheRateForAllLayersIsHalfTheRate() {
        TrainingConfig config = CONFIG.withWeightDecay(0.1);
        assertThat(train(config.withLearningRateFactors("0-9=0.5")).weightsSha256())
                .isEqualTo(train(config.withLearningRate(0.005)).weightsSha256());
    }

    @Test
    void factorsOfATensorAreMultiplied() {
        TrainingConfig oneStep =
                CONFIG.withEpochs(1).withBatchSize(BatchLayout.FULL_BATCH).withLearningRate(1);
        float[] before = NETWORK.initialParameters(CONFIG.seed());
        float[] plain = train(oneStep).parameters();
        float[] changed = train(oneStep.withLearningRateFactors("3=0.5, bias = 0.1, 0-3=3"))
                .parameters();
        for (Tensor tensor : NETWORK.layout().parameters()) {
            double factor = (tensor.layer() == 3 ? 0.5 : 1)
                    * (tensor.parameter().name().equals("bias") ? 0.1 : 1)
                    * (tensor.layer() <= 3 ? 3 : 1);
            for (int i = tensor.offset(); i < tensor.end(); i++) {
                assertThat((double) changed[i] - before[i])
                        .as(tensor.name())
                        .isCloseTo(factor * ((double) plain[i] - before[i]), within(1e-6));
            }
        }
    }

    /** Rows of which an update touches a few columns only give the bits of dense ones. */
    @ParameterizedTest
    @MethodSource("optimizers")
    void sparseRowsGiveTheBitsOfDenseOnes(Optimizer optimizer) {
        int width = 200;
        Network wide =
                Network.builder(width).dense(6).activation(new Tanh()).dense(3).build();
        TrainingConfig config =
                CONFIG.withBatchSize(10).withOptimizer(optimizer).withLearningRateFactors("0=0.25,bias=0");
        Random random = new Random(7);
        List<Example> sparse = new ArrayList<>();
        List<Example> dense = new ArrayList<>();
        for (int n = 0; n < 60; n++) {
            int first = random.nextInt(width / 2);
            int[] indices = {first, first + 1 + random.nextInt(width / 2)};
            float[] values = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            float[] all = new float[width];
            all[indices[0]] = values[0];
            all[indices[1]] = values[1];
            sparse.add(Example.sparse(indices, values, n % 3));
            dense.add(Example.dense(all, n % 3));
        }
        assertThat(LocalTraining.train(TrainingRequest.of(wide, config), sparse).weightsSha256())
                .isEqualTo(LocalTraining.train(TrainingRequest.of(wide, config), dense)
                        .weightsSha256());
    }

    /** Numbers that are not finite count wherever they are: stopping and skipping look at the same gradient. */
    @Test
    void gradientsOfFrozenTensorsMustBeFinite() {
        Network steep = Network.builder(1).dense(1).dense(1).build();
        TrainingConfig config = CONFIG.withEpochs(1).withBatchSize(2).withLearningRateFactors("0=0");
        TrainingRequest stop = TrainingRequest.of(steep, config).withLoss(new AbsoluteError());
        List<Example> rows = List.of(Example.dense(new float[] {3e38f}, 0), Example.dense(new float[] {2e38f}, 0));
        Model start = new Model(
                steep,
                stop.loss(),
                LocalTraining.train(stop, List.of(Example.dense(new float[] {1}, 0)))
                        .preprocessing(),
                new float[] {1e-10f, 0, 1, 0}, // only the gradient of the first weight overflows
                Map.of());
        for (OnDivergence policy : List.of(OnDivergence.STOP, OnDivergence.SKIP)) {
            TrainingRequest request =
                    TrainingRequest.of(steep, config.withOnDivergence(policy)).withLoss(stop.loss());
            assertThatExceptionOfType(DivergedException.class)
                    .as(policy.toString())
                    .isThrownBy(() -> LocalTraining.train(request, rows, List.of(), TrainingStart.from(start)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "frozen    | must have parts such as 0=0, 0-2=0.1 or bias=0.5",
                "0=0,      | must have parts such as",
                "0=slow    | has the factor slow for 0, but factors are numbers from 0 to 1000",
                "0=-1      | has the factor -1 for 0",
                "0=NaN     | has the factor NaN for 0",
                "3-1=0     | names the layers 3-1: write the smaller number first",
            })
    void whatIsNoFactorIsRefused(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CONFIG.withLearningRateFactors(text))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "7=0       | names 7, but only these layers have weights: 0, 1, 3, 5",
                "2=0.5     | names 2, but only these layers have weights: 0, 1, 3, 5",
                "wieght=1  | names wieght, but only these layers have weights: 0, 1, 3, 5; their tensors are named bias,",
                "0-5=0     | freezes all layers, so there is nothing to train",
            })
    void whatTheNetworkDoesNotHaveIsRefused(String text, String message) {
        TrainingConfig config = CONFIG.withLearningRateFactors(text);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrainingRequest.of(NETWORK, config))
                .withMessageContaining(message);
    }

    @Test
    void optimizersThatLookAtWholeLayersAreRefused() {
        TrainingConfig config = CONFIG.withLearningRateFactors("0=0");
        for (Optimizer optimizer : List.of(new Lamb(), new Momentum(0.9, Momentum.Form.DELTA_LOOK_AHEAD))) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> TrainingRequest.of(NETWORK, config.withOptimizer(optimizer)))
                    .withMessageContaining("and " + optimizer.name() + " does not");
        }
        assertThat(TensorFactors.parse("learningRateFactors", null).isNone()).isTrue();
    }
}
