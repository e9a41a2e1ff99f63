package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Identity;
import dev.backdraft.data.Example;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Lbfgs;
import dev.backdraft.optim.Sgd;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.DivergedException;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What happens when a loss or a gradient is not a finite number. */
class DivergenceTest {
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(6)
            .withBatchSize(16)
            .withLanes(4)
            .withOptimizer(new Sgd())
            .withLearningRate(1e-3);
    private static final double EXPLODES = 30;

    private static List<Example> rows() {
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 160; i++) {
            float x = i % 13 - 6;
            float z = i % 7;
            rows.add(Example.dense(new float[] {x, z}, 2 * x - z));
        }
        return rows;
    }

    /** The gradient of the last row is beyond the range of a float, while its loss is finite. */
    private static List<Example> withHugeRow() {
        List<Example> rows = rows();
        rows.add(Example.dense(new float[] {1e25f, 1}, 1e20f));
        return rows;
    }

    private static TrainingRequest request(TrainingConfig config) {
        return TrainingRequest.of(Network.perceptron(new Identity(), 2, 3, 1), config)
                .withLoss(new SquaredError());
    }

    private static Model train(TrainingConfig config, List<Example> rows, int threads, TrainingListener... listeners)
            throws IOException {
        return LocalTraining.train(request(config), MemorySource.of(rows, 3), null, threads, List.of(listeners));
    }

    @Test
    void aGradientThatIsNotFiniteStopsAtItsStepAndNamesTheTensor() {
        assertThatThrownBy(() -> train(CONFIG, withHugeRow(), 2))
                .isInstanceOf(DivergedException.class)
                .hasMessageMatching(
                        "training diverged: a gradient is not finite in epoch 1, step \\d+, at learning rate"
                                + " 0\\.001; the gradient of layers\\.0\\.weight has norm (Infinity|NaN); .*");
    }

    @Test
    void aSkippedBatchLeavesFiniteWeightsAndIsCounted() throws IOException {
        Recorder recorder = new Recorder();
        Model model = train(CONFIG.withOnDivergence(OnDivergence.SKIP), withHugeRow(), 2, recorder);
        assertThat(recorder.end.skippedUpdates()).isEqualTo(6); // in each epoch the batch that has the row
        assertThat(recorder.end.sentences()).anyMatch(sentence -> sentence.startsWith("6 updates were skipped"));
        assertThat(recorder.epochs).allMatch(epoch -> Double.isFinite(epoch.loss()));
        assertThat(recorder.epochs.get(5).loss())
                .isLessThan(recorder.epochs.get(0).loss());
        assertThat(train(CONFIG.withOnDivergence(OnDivergence.SKIP), withHugeRow(), 1)
                        .weightsSha256())
                .isEqualTo(model.weightsSha256());
    }

    @Test
    void anEpochWithoutAnyOtherUpdateEndsTheTraining() {
        List<Example> one = withHugeRow().subList(160, 161);
        assertThatThrownBy(() -> train(CONFIG.withOnDivergence(OnDivergence.SKIP), one, 1))
                .isInstanceOf(DivergedException.class)
                .hasMessageContaining("epoch 1, step 1");
    }

    @Test
    void aRollbackHalvesTheRateUntilTheTrainingConverges() throws IOException {
        TrainingConfig config = CONFIG.withLearningRate(EXPLODES);
        assertThatThrownBy(() -> train(config, rows(), 2)).isInstanceOf(DivergedException.class);
        Recorder recorder = new Recorder() {
            @Override
            public void rolledBack(DivergedException cause, TrainingState state) {
                super.rolledBack(cause, state);
                assertThat(state.epoch()).isEqualTo(epochs.size());
            }
        };
        Model model = train(config.withLearningRate(1).withOnDivergence(OnDivergence.ROLLBACK), rows(), 2, recorder);
        assertThat(recorder.rollbacks).isNotEmpty().hasSizeLessThan(9);
        assertThat(recorder.end.rollbacks()).isEqualTo(recorder.rollbacks.size());
        assertThat(recorder.end.epochs()).isEqualTo(6);
        assertThat(recorder.epochs.get(5).learningRate()).isEqualTo(Math.scalb(1.0, -recorder.rollbacks.size()));
        assertThat(train(config.withLearningRate(1).withOnDivergence(OnDivergence.ROLLBACK), rows(), 1)
                        .weightsSha256())
                .isEqualTo(model.weightsSha256());
    }

    @Test
    void aResumeAfterARollbackContinuesWithTheHalvedRate() throws IOException {
        TrainingConfig config = CONFIG.withLearningRate(1).withOnDivergence(OnDivergence.ROLLBACK);
        Recorder recorder = new Recorder();
        Model whole = train(config, rows(), 2, recorder);
        byte[] checkpoint = recorder.checkpoints.get(2);
        Model resumed = LocalTraining.train(
                request(config),
                MemorySource.of(rows(), 3),
                null,
                2,
                fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "checkpoint"),
                List.of());
        assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
    }

    @Test
    void aSettingThatIsChangedOnPurposeIsRememberedAndOthersAreRefused() throws IOException {
        Recorder recorder = new Recorder();
        train(CONFIG, rows(), 2, recorder);
        byte[] checkpoint = recorder.checkpoints.get(2);
        TrainingConfig slower = CONFIG.withLearningRate(1e-4).withEpochs(9);
        Recorder resumed = new Recorder();
        Model model = resume(slower, checkpoint, Set.of("learningRate", "epochs"), resumed);
        assertThat(model.provenance())
                .containsEntry("changes", "after epoch 3: epochs 6 to 9, learningRate 0.001 to 1.0E-4");
        assertThat(resumed.epochs)
                .extracting(EpochResult::learningRate)
                .containsOnly(1e-4)
                .hasSize(6);

        byte[] later = resumed.checkpoints.get(2);
        TrainingConfig again = CONFIG.withOnDivergence(OnDivergence.SKIP).withLearningRate(1e-4);
        assertThat(resume(again.withEpochs(9), later, Set.of("onDivergence"), new Recorder())
                        .provenance()
                        .get("changes"))
                .endsWith("; after epoch 6: onDivergence stop to skip");
        assertThatThrownBy(() -> resume(again, checkpoint, Set.of("learningRate"), new Recorder()))
                .hasMessageContaining("onDivergence \"stop\" instead of \"skip\"");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> resume(CONFIG.withSeed(3), checkpoint, Set.of("seed"), new Recorder()))
                .withMessageContaining("onDivergence");
    }

    private static Model resume(TrainingConfig config, byte[] checkpoint, Set<String> changed, Recorder recorder)
            throws IOException {
        return LocalTraining.train(
                request(config),
                MemorySource.of(rows(), 3),
                null,
                2,
                fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "checkpoint", changed),
                List.of(recorder));
    }

    @Test
    void rollbacksAreBounded() {
        Recorder recorder = new Recorder();
        TrainingConfig config = CONFIG.withOnDivergence(OnDivergence.ROLLBACK);
        assertThatThrownBy(() -> train(config, withHugeRow(), 1, recorder)).isInstanceOf(DivergedException.class);
        assertThat(recorder.rollbacks).hasSize(OnDivergence.MOST_ROLLBACKS);
    }

    @Test
    void aRuleThatUsesAllRowsHasNoBatchToSkip() {
        TrainingConfig config = CONFIG.withOptimizer(new Lbfgs()).withOnDivergence(OnDivergence.SKIP);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> train(config, rows(), 1))
                .withMessageContaining("stop or rollback");
    }

    @Test
    void trainingStepByStepLeavesOutABatch() {
        StepTraining training = StepTraining.start(
                Network.perceptron(new Identity(), 2, 3, 1),
                new SquaredError(),
                CONFIG.withBatchSize(1).withOnDivergence(OnDivergence.SKIP));
        training.step(rows().subList(0, 8));
        String before = training.model().weightsSha256();
        training.step(withHugeRow().subList(160, 161));
        assertThat(training.model().weightsSha256()).isEqualTo(before);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> StepTraining.start(
                        Network.perceptron(new Identity(), 2, 3, 1),
                        new SquaredError(),
                        CONFIG.withOnDivergence(OnDivergence.ROLLBACK)))
                .withMessageContaining("rollback");
    }
}
