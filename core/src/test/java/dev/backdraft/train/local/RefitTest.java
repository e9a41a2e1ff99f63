package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Averaging;
import dev.backdraft.schedule.Cosine;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.train.Calibration;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingStart;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** With a refit, the model is that of a training on all rows for as many epochs as were best on a part of them. */
class RefitTest {
    private static final Network NETWORK = Network.perceptron(new Tanh(), 2, 6, 1);
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(30)
            .withBatchSize(8)
            .withLearningRate(0.5)
            .withMetrics(List.of("roc-auc"))
            .withEarlyStopping(new EarlyStopping("loss", 2, 0, true));

    static Stream<TrainingConfig> configurations() {
        return Stream.of(CONFIG, CONFIG.withAveraging(new Averaging()));
    }

    private static TrainingRequest request(TrainingConfig config) {
        return TrainingRequest.of(NETWORK, config).withStandardize(true).withValidationFraction(0.25);
    }

    private static List<Example> rows() {
        SplitMix random = SplitMix.at(9, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 101; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
            rows.add(Example.dense(x, x[0] + random.nextGaussian() > 0 ? 1 : 0));
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void theModelIsOfAllRows(TrainingConfig config) {
        Recorder recorder = new Recorder();
        Model refitted = LocalTraining.train(request(config), rows(), recorder);
        int best = recorder.end.figures().epoch();
        TrainingConfig plain =
                config.withEarlyStopping(null).withMetrics(List.of()).withEpochs(best);
        Model all = LocalTraining.train(request(plain).withValidationFraction(0), rows());
        assertThat(refitted.weightsSha256()).isEqualTo(all.weightsSha256());
        assertThat(refitted.predict(new float[] {1, -2})).isEqualTo(all.predict(new float[] {1, -2})); // scaled alike
        assertThat(recorder.epochs).hasSize(best + 2);
        assertThat(recorder.refits).containsExactly("101 rows, " + best + " epochs");
        assertThat(refitted.provenance())
                .containsEntry("trainingRows", "101")
                .containsEntry("refitRows", "101")
                .containsEntry("weightsOfEpoch", Integer.toString(best));
        assertThat(recorder.end.sentences())
                .hasSize(3)
                .contains("the model was trained again for as many epochs, on all 101 rows");
    }

    /** The temperature is that of the first training, which had rows to measure on. */
    @Test
    void theLogitsOfTheSecondTrainingAreDividedByTheTemperatureOfTheFirst() {
        TrainingConfig calibrated = CONFIG.withCalibration(Calibration.TEMPERATURE);
        Recorder recorder = new Recorder();
        Model model = LocalTraining.train(request(calibrated), rows(), recorder);
        double temperature = recorder.end.temperature().value();
        Model plain = LocalTraining.train(request(CONFIG), rows());
        assertThat(temperature).isNotCloseTo(1, within(0.01));
        assertThat(model.provenance()).containsEntry("refitRows", "101").containsKey("temperature");
        float[] row = {1, -2};
        assertThat(logit(model.predict(row)[0])).isCloseTo(logit(plain.predict(row)[0]) / temperature, within(1e-4));
    }

    private static double logit(double probability) {
        return Math.log(probability / (1 - probability));
    }

    @Test
    void aScheduleGoesOnAsIfAllEpochsWereToCome() {
        TrainingConfig cosine = CONFIG.withSchedule(new Cosine());
        Recorder recorder = new Recorder();
        Model refitted = LocalTraining.train(request(cosine), rows(), recorder);
        int best = recorder.end.figures().epoch();
        TrainingConfig plain = cosine.withEarlyStopping(null).withMetrics(List.of());
        Model all = LocalTraining.train(
                request(plain).withValidationFraction(0),
                rows(),
                List.of(),
                TrainingStart.fromScratch(),
                new Recorder() {
                    @Override
                    public void epochEnded(EpochResult result, TrainingState state) {
                        if (result.epoch() == best) {
                            state.stop();
                        }
                    }
                });
        assertThat(refitted.weightsSha256()).isEqualTo(all.weightsSha256());
    }

    @Test
    void aSourceOfRowsGivesTheSameBits() throws IOException {
        Model ofList = LocalTraining.train(request(CONFIG), rows());
        Model ofSource = LocalTraining.train(
                request(CONFIG), new MemorySource(rows(), List.of(), null), null, 3, List.<TrainingListener>of());
        assertThat(ofSource.weightsSha256()).isEqualTo(ofList.weightsSha256());
    }

    @ParameterizedTest
    @MethodSource("configurations")
    void goingOnFromAnyEpochGivesTheSameModel(TrainingConfig config) {
        Recorder recorder = new Recorder();
        Model whole = LocalTraining.train(request(config), rows(), recorder);
        for (byte[] checkpoint : recorder.checkpoints) { // the last one is of the end of the first training
            TrainingStart start = fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "checkpoint");
            Model resumed = LocalTraining.train(request(config), rows(), List.of(), start);
            assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
            assertThat(resumed.provenance()).isEqualTo(whole.provenance());
        }
    }

    @Test
    void aModelToStartFromIsTheStartOfBothTrainings() {
        Model first = LocalTraining.train(request(CONFIG), rows());
        Recorder recorder = new Recorder();
        Model refitted = LocalTraining.train(request(CONFIG), rows(), List.of(), TrainingStart.from(first), recorder);
        TrainingConfig plain = CONFIG.withEarlyStopping(null)
                .withMetrics(List.of())
                .withEpochs(recorder.end.figures().epoch());
        Model all = LocalTraining.train(
                request(plain).withValidationFraction(0), rows(), List.of(), TrainingStart.from(first));
        assertThat(refitted.weightsSha256()).isEqualTo(all.weightsSha256());
    }

    /** In the epoch after which early stopping ends it too. */
    @Test
    void aTrainingThatIsAbandonedWhenItIsOverIsNotRepeated() {
        Recorder recorder = new Recorder() {
            @Override
            public void epochEnded(EpochResult result, TrainingState state) {
                super.epochEnded(result, state);
                if (state.isStopped()) {
                    state.abandon("somebody wanted it");
                }
            }
        };
        LocalTraining.train(request(CONFIG), rows(), recorder);
        assertThat(recorder.refits).isEmpty();
        assertThat(recorder.end.reason()).isEqualTo("somebody wanted it");

        Recorder resumed = new Recorder(); // from the checkpoint, which was written before
        byte[] checkpoint = recorder.last();
        LocalTraining.train(
                request(CONFIG),
                rows(),
                List.of(),
                fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "checkpoint"),
                resumed);
        assertThat(resumed.refits).hasSize(1);
    }

    @Test
    void aTrainingThatItsCallerEndsIsNotRepeated() {
        Recorder recorder = new Recorder() {
            @Override
            public void epochEnded(EpochResult result, TrainingState state) {
                state.stop("somebody wanted it");
            }
        };
        Model model = LocalTraining.train(request(CONFIG), rows(), recorder);
        assertThat(recorder.refits).isEmpty();
        assertThat(model.provenance())
                .doesNotContainKey("refitRows")
                .containsEntry("trainingRows", Long.toString(recorder.fit.rows()));
    }

    @Test
    void rowsMustBeKeptBack() {
        TrainingRequest none = request(CONFIG).withValidationFraction(0);
        assertThatThrownBy(() -> LocalTraining.train(none, rows()))
                .isInstanceOf(DataException.class)
                .hasMessage("earlyStopping.refit trains again on the rows that validationFraction keeps back, but none"
                        + " are kept back: choose a validation fraction, or set refit to false");
    }

    @Test
    void noReductionGoesByRowsThatTheRefitDoesNotHave() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> request(CONFIG.withReduceOnPlateau(new ReduceOnPlateau())))
                .withMessageStartingWith("reduceOnPlateau goes by the validation loss, which a refit");
    }
}
