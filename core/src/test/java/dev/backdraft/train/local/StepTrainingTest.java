package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.loss.SigmoidCrossEntropy;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Training step by step, from a model and with validation rows in memory. */
class StepTrainingTest {
    private static final Network NETWORK = Network.builder(2)
            .dense(5)
            .activation(new Tanh())
            .dropout(0.25)
            .dense(1)
            .build();
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(7)
            .withBatchSize(BatchLayout.FULL_BATCH)
            .withLearningRate(0.05);

    private static List<Example> rows(int from, int to) {
        List<Example> rows = new ArrayList<>();
        for (int i = from; i < to; i++) {
            float x = (i * 37 % 101) / 50f - 1;
            float y = (i * 53 % 97) / 48f - 1;
            rows.add(Example.dense(new float[] {x, y}, x > y ? 1 : 0).withWeight(1 + i % 3));
        }
        return rows;
    }

    private static TrainingRequest request(TrainingConfig config) {
        return TrainingRequest.of(NETWORK, config).withLoss(new SigmoidCrossEntropy());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 300}) // 300: several lanes
    void stepsOnABatchAreEpochsOfTheFullBatch(int size) {
        List<Example> batch = rows(0, size);
        Model expected = LocalTraining.train(request(CONFIG), batch);
        StepTraining training = StepTraining.start(NETWORK, new SigmoidCrossEntropy(), CONFIG);
        double first = training.step(batch);
        for (int k = 1; k < 7; k++) {
            training.step(batch);
        }
        assertThat(training.model().parameters()).containsExactly(expected.parameters());
        assertThat(training.steps()).isEqualTo(7);
        assertThat(first).isPositive();
    }

    @Test
    void batchesMayDifferInSizeAndTheModelStaysAsItWas() {
        StepTraining training = StepTraining.start(NETWORK, new SigmoidCrossEntropy(), CONFIG);
        training.step(rows(0, 20));
        Model before = training.model();
        String hash = before.weightsSha256();
        double last = 0;
        for (int k = 0; k < 200; k++) {
            last = training.step(rows(20 * k, 20 * k + 5 + k % 30));
        }
        assertThat(before.weightsSha256()).isEqualTo(hash);
        assertThat(last).isLessThan(0.4);
        StepTraining further = StepTraining.from(training.model(), CONFIG);
        assertThat(further.model().parameters())
                .containsExactly(training.model().parameters());
    }

    @Test
    void refusesWhatDoesNotFitAndChangesNothing() {
        StepTraining training = StepTraining.start(NETWORK, new SigmoidCrossEntropy(), CONFIG);
        float[] before = training.model().parameters().clone();
        assertThatThrownBy(() -> training.step(List.of(Example.dense(new float[] {1}, 0))))
                .isInstanceOf(DataException.class)
                .hasMessage("row 0 has 1 features, but the network takes 2");
        assertThatThrownBy(() -> training.step(List.of(Example.dense(new float[2], 3))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("label 3 in row 0");
        assertThatThrownBy(() -> training.step(List.of()))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("no rows to train on");
        assertThat(training.model().parameters()).containsExactly(before);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepTraining.start(
                        NETWORK, new SigmoidCrossEntropy(), CONFIG.withEarlyStopping(new EarlyStopping())))
                .withMessageContaining("early stopping measures validation rows");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepTraining.start(
                        Network.builder(2).dense(1).build(),
                        new SigmoidCrossEntropy(),
                        CONFIG.withOptimizer(new Lbfgs())));
    }

    @Test
    void trainingInMemoryGoesOnFromAModel() {
        TrainingConfig sgd = CONFIG.withOptimizer(new Sgd());
        Network network = Network.perceptron(new Tanh(), 2, 5, 1);
        List<Example> rows = rows(0, 50);
        TrainingRequest all = TrainingRequest.of(network, sgd.withEpochs(6));
        TrainingRequest half = TrainingRequest.of(network, sgd.withEpochs(3));
        Model first = LocalTraining.train(half, rows);
        Model second = LocalTraining.train(half, rows, List.of(), TrainingStart.from(first));
        assertThat(second.parameters())
                .containsExactly(LocalTraining.train(all, rows).parameters());

        TrainingRequest other = TrainingRequest.of(Network.perceptron(new Tanh(), 2, 6, 1), sgd);
        assertThatThrownBy(() -> LocalTraining.train(other, rows, List.of(), TrainingStart.from(first)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("a different network");
        assertThatThrownBy(() ->
                        LocalTraining.train(half.withStandardize(true), rows, List.of(), TrainingStart.from(first)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("standardize in both or neither");
    }

    @Test
    void validationRowsInMemoryAreMeasured() {
        List<EpochResult> results = new ArrayList<>();
        TrainingConfig config = CONFIG.withMetrics(List.of("roc-auc"));
        LocalTraining.train(request(config), rows(0, 50), rows(50, 80), TrainingStart.fromScratch(), results::add);
        assertThat(results).hasSize(7).allMatch(result -> result.validationLoss() > 0);
        assertThat(results.get(6).metrics()).containsKey("roc-auc");
        assertThatThrownBy(() -> LocalTraining.train(
                        request(CONFIG).withValidationFraction(0.2),
                        rows(0, 50),
                        rows(50, 80),
                        TrainingStart.fromScratch()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
