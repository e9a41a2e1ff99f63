package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Averaging;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.Exponential;
import dev.backdraft.schedule.Schedule;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A model's record is of the weights that it has, and says how the training ended. */
class TrainingEndTest {
    private static final TrainingConfig STOPPING = TrainingConfig.standard()
            .withEpochs(40)
            .withBatchSize(10)
            .withLearningRate(0.3)
            .withMetrics(List.of("roc-auc"))
            .withEarlyStopping(new EarlyStopping("loss", 3, 0));

    static Stream<TrainingConfig> stopping() {
        return Stream.of(STOPPING, STOPPING.withAveraging(new Averaging()));
    }

    @ParameterizedTest
    @MethodSource("stopping")
    void theRecordIsOfTheBestEpoch(TrainingConfig config) throws IOException {
        Recorder recorder = new Recorder();
        Model model = train(config, TrainingStart.fromScratch(), recorder);
        int ran = recorder.results.size();
        assertThat(ran).isBetween(4, 39);
        EpochResult best = recorder.results.get(ran - 1 - 3);
        assertThat(model.provenance())
                .containsEntry("epochs", Integer.toString(ran))
                .containsEntry("weightsOfEpoch", Integer.toString(ran - 3))
                .containsEntry("ended", "no better validation loss for 3 epochs")
                .containsEntry("loss", String.format(Locale.ROOT, "%.6g", best.loss()))
                .containsEntry("validationLoss", String.format(Locale.ROOT, "%.6g", best.validationLoss()));
        assertThat(recorder.end.sentences())
                .containsExactly(
                        "stopped early after epoch " + ran + ": no better validation loss for 3 epochs",
                        String.format(
                                Locale.ROOT,
                                "the model has the weights of epoch %d (validation loss %.4f)",
                                ran - 3,
                                best.validationLoss()));
    }

    @ParameterizedTest
    @MethodSource("stopping")
    void aRunThatGoesOnHasTheRecordOfOneThatWasNeverInterrupted(TrainingConfig config) throws IOException {
        Recorder recorder = new Recorder();
        Model whole = train(config, TrainingStart.fromScratch(), recorder);
        for (byte[] checkpoint : recorder.checkpoints) { // before, at and behind the best epoch, and at the end
            Model resumed = train(config, from(checkpoint), result -> {});
            assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
            assertThat(resumed.provenance()).isEqualTo(whole.provenance());
        }
    }

    @Test
    void withoutStoppingTheBestEpochMayBeBeforeTheLast() throws IOException {
        Recorder recorder = new Recorder();
        TrainingConfig patient = STOPPING.withEarlyStopping(new EarlyStopping("loss", 100, 0));
        Model model = train(patient, TrainingStart.fromScratch(), recorder);
        assertThat(model.provenance())
                .containsEntry("epochs", "40")
                .containsEntry("ended", TrainingEnd.ALL_DONE)
                .containsEntry(
                        "weightsOfEpoch",
                        Integer.toString(recorder.end.figures().epoch()));
        assertThat(recorder.end.sentences()).hasSize(1);
    }

    @Test
    void aListenerSaysWhyItEndsATraining() throws IOException {
        Model model = train(STOPPING.withEarlyStopping(null), TrainingStart.fromScratch(), new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {}

            @Override
            public void epochEnded(EpochResult result, TrainingState state) {
                state.stop("enough");
            }
        });
        assertThat(model.provenance()).containsEntry("epochs", "1").containsEntry("ended", "enough");
    }

    static Stream<Schedule> schedules() {
        return Stream.of(new Cosine(), new Cosine(0, 20), new Exponential());
    }

    @ParameterizedTest
    @MethodSource("schedules")
    void moreEpochsFollowOnlyWhereTheScheduleDoesNotLookAtTheirNumber(Schedule schedule) throws IOException {
        TrainingConfig three =
                STOPPING.withEarlyStopping(null).withSchedule(schedule).withEpochs(3);
        Recorder recorder = new Recorder();
        train(three, TrainingStart.fromScratch(), recorder);
        TrainingStart start = from(recorder.checkpoints.get(2));
        TrainingConfig six = three.withEpochs(6);
        if (schedule.dependsOnTotal()) {
            assertThatThrownBy(() -> train(six, start, result -> {}))
                    .isInstanceOf(ModelFileException.class)
                    .hasMessageContainingAll("cosine", "which was 3 and is now 6", "continue with 3 epochs");
        } else {
            assertThat(train(six, start, result -> {}).weightsSha256())
                    .isEqualTo(train(six, TrainingStart.fromScratch(), result -> {})
                            .weightsSha256());
        }
    }

    private static TrainingStart from(byte[] checkpoint) {
        return fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "c.backdraft");
    }

    private static Model train(TrainingConfig config, TrainingStart start, TrainingListener listener)
            throws IOException {
        TrainingRequest request = TrainingRequest.of(Network.perceptron(new Tanh(), 2, 8, 1), config)
                .withValidationFraction(0.4);
        return LocalTraining.train(request, MemorySource.of(rows(), 2), null, 1, start, List.of(listener));
    }

    /** Labels that are half noise, which a training soon learns by heart. */
    private static List<Example> rows() {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 120; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            rows.add(Example.dense(x, x[0] + 2 * random.nextGaussian() > 0 ? 1 : 0));
        }
        return rows;
    }

    private static final class Recorder implements TrainingListener {
        private final List<EpochResult> results = new ArrayList<>();
        private final List<byte[]> checkpoints = new ArrayList<>();
        private Fit fit;
        private TrainingEnd end;

        @Override
        public void started(Fit newFit, TrainingState state) {
            fit = newFit;
        }

        @Override
        public void epochEnded(EpochResult result) {
            results.add(result);
        }

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            epochEnded(result);
            try {
                ByteArrayOutputStream bytes = new ByteArrayOutputStream();
                Checkpoint.write(state, fit, bytes);
                checkpoints.add(bytes.toByteArray());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void ended(TrainingEnd reached) {
            end = reached;
        }
    }
}
