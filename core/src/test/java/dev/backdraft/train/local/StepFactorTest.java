package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.json.JsonText;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.network.Network;
import dev.backdraft.optim.AdamW;
import dev.backdraft.optim.Sgd;
import dev.backdraft.schedule.Constant;
import dev.backdraft.schedule.CosLog4;
import dev.backdraft.schedule.FlatCosine;
import dev.backdraft.schedule.Polynomial;
import dev.backdraft.schedule.Schedule;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.Fit;
import dev.backdraft.train.ScheduleUnit;
import dev.backdraft.train.StepFactor;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingDraft;
import dev.backdraft.train.TrainingJson;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Schedules of dropout and of weight decay, against trainings with other rates and against steps by hand. */
class StepFactorTest {
    /** A share of the rate at every step. */
    private record Share(double share) implements Schedule {
        @Override
        public String name() {
            return "share";
        }

        @Override
        public boolean dependsOnTotal() {
            return false;
        }

        @Override
        public double rate(double base, long t, long total) {
            return share * base;
        }
    }

    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(3).withBatchSize(16).withLanes(2);

    private static Network network(double dropout) {
        return Network.builder(3)
                .dense(6)
                .activation(new Tanh())
                .dropout(dropout)
                .dense(1)
                .build();
    }

    private static List<Example> rows() {
        SplitMix random = SplitMix.at(2, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 90; i++) {
            float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian(), (float) random.nextGaussian()};
            rows.add(Example.dense(x, x[0] - 2 * x[1] + 0.1 * random.nextGaussian()));
        }
        return rows;
    }

    private static float[] weights(Network network, TrainingConfig config) {
        return LocalTraining.train(TrainingRequest.of(network, config).withLoss(new SquaredError()), rows())
                .parameters();
    }

    @Test
    void theFactorIsTheRateOfTheScheduleFromOneOnInItsUnit() {
        StepFactor steps = new StepFactor(new FlatCosine(), ScheduleUnit.STEP, 4);
        assertThat(steps.at(1, 0, 5)).isEqualTo(1);
        assertThat(steps.at(3, 0, 5)).isEqualTo(1); // step 10 of 20, where the cosine begins
        assertThat(steps.at(4, 0, 5)).isCloseTo(0.5, within(1e-12)); // in the middle of the cosine
        assertThat(steps.at(9, 0, 5)).isEqualTo(steps.at(4, 4, 5)).isLessThan(0.05);
        StepFactor epochs = new StepFactor(new FlatCosine(0, 0), ScheduleUnit.EPOCH, 4);
        assertThat(epochs.at(3, 0, 5)).isEqualTo(epochs.at(3, 4, 5)).isCloseTo(0.5, within(1e-12));
        assertThat(StepFactor.ONE.isOne()).isTrue();
        assertThat(StepFactor.ONE.at(7, 3, 5)).isEqualTo(1);
    }

    @ParameterizedTest
    @ValueSource(doubles = {0.5, 0.25})
    void dropoutIsThatOfTheProductOfRateAndFactor(double share) {
        float[] found = weights(network(0.5), CONFIG.withDropoutSchedule(new Share(share)));
        assertThat(found).isEqualTo(weights(network(0.5 * share), CONFIG));
        assertThat(found).isNotEqualTo(weights(network(0.5), CONFIG));
    }

    @Test
    void withoutAFactorNothingIsDropped() {
        assertThat(weights(network(0.5), CONFIG.withDropoutSchedule(new Share(0))))
                .isEqualTo(weights(network(0), CONFIG));
    }

    @Test
    void weightDecayIsThatOfTheProductOfRateAndFactor() {
        TrainingConfig config = CONFIG.withWeightDecay(0.5);
        float[] found = weights(network(0), config.withWeightDecaySchedule(new Share(0.25)));
        assertThat(found).isEqualTo(weights(network(0), CONFIG.withWeightDecay(0.125)));
        assertThat(found).isNotEqualTo(weights(network(0), config));
    }

    /** Steps in double of y = w x + b by all rows, w shrunk by η λ times the factor of the step. */
    @ParameterizedTest
    @EnumSource
    void theFactorOfWeightDecayChangesFromStepToStep(ScheduleUnit unit) {
        int epochs = 6;
        double rate = 0.1;
        double decay = 0.8;
        Network line = Network.builder(1).dense(1).build();
        TrainingConfig config = TrainingConfig.standard()
                .withOptimizer(new Sgd())
                .withLearningRate(rate)
                .withEpochs(epochs)
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withScheduleUnit(unit)
                .withWeightDecay(decay)
                .withWeightDecaySchedule(new CosLog4());
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            rows.add(Example.dense(new float[] {i / 10f - 1}, 3 + i / 5.0));
        }
        float[] start = line.initialParameters(config.seed());
        double w = start[0];
        double b = start[1];
        for (int t = 0; t < epochs; t++) {
            double dw = 0;
            double db = 0;
            for (Example row : rows) {
                double error = w * row.values()[0] + b - row.label();
                dw += 2 * error * row.values()[0] / rows.size();
                db += 2 * error / rows.size();
            }
            double wave = Math.log(1 + 15.0 * t / epochs) / Math.log(2);
            w -= rate * decay * w * (1 - Math.cos(2 * Math.PI * wave)) / 2;
            w -= rate * dw;
            b -= rate * db;
        }
        Model model = LocalTraining.train(TrainingRequest.of(line, config).withLoss(new SquaredError()), rows);
        assertThat((double) model.parameters()[0]).isCloseTo(w, within(1e-5));
        assertThat((double) model.parameters()[1]).isCloseTo(b, within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(doubles = {-0.5, 1.5, Double.NaN})
    void aFactorThatIsNoShareIsRefusedAtItsStep(double share) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights(network(0.3), CONFIG.withDropoutSchedule(new Share(share))))
                .withMessageContaining("the schedule share multiplies dropout or weight decay by " + share)
                .withMessageContaining("in epoch 1, step 1: choose settings of it that stay between 0 and 1");
        assertThatIllegalArgumentException()
                .isThrownBy(
                        () -> weights(network(0), CONFIG.withWeightDecay(1).withWeightDecaySchedule(new Share(share))))
                .withMessageContaining("the schedule share");
    }

    @Test
    void aScheduleOfNothingIsRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights(network(0), CONFIG.withDropoutSchedule(new FlatCosine())))
                .withMessageContaining("the network has no dropout");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights(network(0.2), CONFIG.withWeightDecaySchedule(new FlatCosine())))
                .withMessageContaining("weightDecaySchedule changes weightDecay, which is 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> weights(
                        network(0.2), CONFIG.withOptimizer(new AdamW()).withWeightDecaySchedule(new FlatCosine())))
                .withMessageContaining("set weightDecay, which works with any optimizer");
        weights(network(0), CONFIG.withDropoutSchedule(new Constant())); // the default
    }

    /** The preset chooses a weight decay, which a schedule may change. */
    @Test
    void aPresetMayHaveAScheduleOfItsWeightDecay() {
        TrainingDraft draft = TrainingDraft.of(
                JsonText.read("{\"preset\": \"tabular\", \"epochs\": 1, \"weightDecaySchedule\": \"flat-cosine\"}"));
        Model model = LocalTraining.train(draft, rows());
        assertThat(model.provenance().get("config"))
                .contains("\"weightDecay\":0.01")
                .contains("\"weightDecaySchedule\":{\"type\":\"flat-cosine\"");
    }

    /** The finished epochs would have had other factors. */
    @Test
    void aTrainingDoesNotContinueWithMoreEpochsThanItsScheduleWasFor() {
        TrainingConfig config = CONFIG.withWeightDecay(0.1).withWeightDecaySchedule(new Polynomial());
        ByteArrayOutputStream checkpoint = new ByteArrayOutputStream();
        Fit[] fits = new Fit[1];
        LocalTraining.train(
                TrainingRequest.of(network(0), config).withLoss(new SquaredError()), rows(), new TrainingListener() {
                    @Override
                    public void started(Fit fit, TrainingState state) {
                        fits[0] = fit;
                    }

                    @Override
                    public void epochEnded(EpochResult result) {
                        // as below
                    }

                    @Override
                    public void epochEnded(EpochResult result, TrainingState state) {
                        try {
                            checkpoint.reset();
                            Checkpoint.write(state, fits[0], checkpoint);
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    }
                });
        Fit longer = new Fit(
                fits[0].network(),
                fits[0].loss(),
                fits[0].preprocessing(),
                config.withEpochs(9),
                fits[0].fingerprint(),
                fits[0].rows(),
                fits[0].source());
        assertThatThrownBy(() ->
                        Checkpoint.read(longer, new ByteArrayInputStream(checkpoint.toByteArray()), "a checkpoint"))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining(
                        "its schedule, polynomial, sets dropout or weight decay by the total number of epochs");
    }

    @Test
    void jsonHasTheSchedules() {
        TrainingConfig config =
                CONFIG.withDropoutSchedule(new CosLog4()).withWeightDecaySchedule(new FlatCosine(0.2, 0));
        assertThat(TrainingJson.config(TrainingJson.write(config), new TrainingConfig()))
                .isEqualTo(config);
    }
}
