package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.DataException;
import dev.backdraft.data.Example;
import dev.backdraft.initializer.LecunUniform;
import dev.backdraft.layer.Dense;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.model.TensorFile;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Adam;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Momentum;
import dev.backdraft.optim.Optimizer;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.optim.Penalty;
import dev.backdraft.schedule.BatchGrowth;
import dev.backdraft.schedule.CosLog4;
import dev.backdraft.schedule.FlatCosine;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.schedule.Schedules;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.ScheduleUnit;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A training that was interrupted and goes on from a checkpoint ends with the same bits as one that was not. */
class ResumeTest {
    private static final int EPOCHS = 7;
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(EPOCHS).withBatchSize(24).withLanes(3);
    private static final Network NETWORK = Network.perceptron(new Relu(), 3, 8, 2);

    static Stream<TrainingRequest> everyOptimizer() {
        return Optimizers.all().stream().map(optimizer -> request(config(optimizer)));
    }

    private static TrainingConfig config(Optimizer optimizer) {
        return optimizer.searchesLine()
                ? CONFIG.withOptimizer(optimizer)
                        .withBatchSize(BatchLayout.FULL_BATCH)
                        .withLearningRate(1)
                : CONFIG.withOptimizer(optimizer);
    }

    static Stream<TrainingRequest> everySchedule() {
        return Schedules.all().stream().flatMap(schedule -> Stream.of(ScheduleUnit.values())
                .map(unit -> request(CONFIG.withSchedule(schedule).withScheduleUnit(unit))));
    }

    static Stream<TrainingRequest> everythingElse() {
        TrainingConfig watched = CONFIG.withEarlyStopping(new EarlyStopping("loss", 1, 0));
        return Stream.of(
                request(CONFIG.withAveraging(new Averaging())),
                request(CONFIG.withAveraging(new Averaging(Averaging.Kind.SWA, 0.9, false, 2))),
                request(CONFIG.withReduceOnPlateau(new ReduceOnPlateau(
                        ReduceOnPlateau.Mode.MIN, 0.5, 0, 0.5, ReduceOnPlateau.ThresholdMode.RELATIVE, 0, 0))),
                request(CONFIG.withBatchGrowth(new BatchGrowth(2, 2, 96, BatchGrowth.RateRule.LINEAR))),
                TrainingRequest.of(
                                Network.builder(3)
                                        .dense(8)
                                        .activation(new Relu())
                                        .dropout(0.4)
                                        .dense(2)
                                        .build(),
                                CONFIG.withWeightDecay(0.2)
                                        .withWeightDecaySchedule(new FlatCosine())
                                        .withDropoutSchedule(new CosLog4()))
                        .withValidationFraction(0.2),
                request(CONFIG.withAccumulation(2)
                        .withPenalty(new Penalty(0.1, 0.2))
                        .withMaxNorm(0.5)),
                request(watched),
                request(watched.withLearningRate(0.5)));
    }

    /** Running statistics, and random numbers that go on where they were. */
    static Stream<TrainingRequest> everyKindOfNetwork() {
        Network random = Network.builder(3)
                .dense(8)
                .batchNorm()
                .activation(new Relu())
                .dropout(0.3)
                .residual(block -> block.layerNorm().dense(8).activation(new Relu()))
                .batchNorm()
                .dense(2)
                .build();
        return Stream.of(CONFIG, CONFIG.withAveraging(new Averaging()), CONFIG.withAccumulation(2))
                .map(config -> TrainingRequest.of(random, config).withValidationFraction(0.2));
    }

    private static TrainingRequest request(TrainingConfig config) {
        return TrainingRequest.of(NETWORK, config).withValidationFraction(0.2);
    }

    private static List<Example> rows() {
        SplitMix random = SplitMix.at(3, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            float[] x = new float[3];
            for (int j = 0; j < x.length; j++) {
                x[j] = (float) random.nextGaussian();
            }
            rows.add(Example.dense(x, x[0] * x[1] > 0 ? 1 : 0));
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource({"everyOptimizer", "everySchedule", "everyKindOfNetwork", "everythingElse"})
    void goingOnFromAnyEpochGivesTheSameBits(TrainingRequest request) throws IOException {
        Recorder whole = new Recorder();
        Model expected = LocalTraining.train(request, rows(), whole);
        for (int epoch = 1; epoch < whole.checkpoints.size(); epoch++) {
            Recorder rest = new Recorder();
            Model resumed = resume(request, whole.checkpoints.get(epoch - 1), rest);
            assertThat(resumed.weightsSha256()).as("from epoch %d", epoch).isEqualTo(expected.weightsSha256());
            assertThat(rest.checkpoints.get(rest.checkpoints.size() - 1))
                    .isEqualTo(whole.checkpoints.get(whole.checkpoints.size() - 1));
        }
    }

    @ParameterizedTest
    @MethodSource({"everyOptimizer", "everySchedule", "everyKindOfNetwork", "everythingElse"})
    void goingOnFromTheMiddleOfAnEpochGivesTheSameBitsAndFigures(TrainingRequest request) throws IOException {
        Recorder whole = new Recorder();
        Model expected = LocalTraining.train(request, rows(), whole);
        for (int i = 0; i < whole.midway.size(); i += 13) { // another place in each epoch
            Recorder rest = new Recorder();
            Model resumed = resume(request, whole.midway.get(i), rest);
            assertThat(resumed.weightsSha256()).as("from update %d", i).isEqualTo(expected.weightsSha256());
            assertThat(rest.last()).isEqualTo(whole.last());
            EpochResult first = rest.epochs.get(0);
            assertThat(first)
                    .usingRecursiveComparison()
                    .ignoringFields("seconds", "times")
                    .isEqualTo(whole.epochs.get(first.epoch() - 1));
        }
        assertThat(whole.midway.isEmpty())
                .isEqualTo(request.config().optimizer().searchesLine());
    }

    @Test
    void batchesDoNotGrowInTheMiddleOfAnEpoch() {
        Recorder whole = new Recorder();
        LocalTraining.train(request(CONFIG), rows(), whole);
        byte[] inEpoch3 = whole.midway.get(2 * 6); // after the first of its 7 batches
        TrainingRequest grown = request(CONFIG.withBatchGrowth(new BatchGrowth(2, 2, 96, BatchGrowth.RateRule.LINEAR)));
        Recorder rest = new Recorder();
        assertThatThrownBy(() -> LocalTraining.train(
                        grown,
                        MemorySource.of(rows(), 2),
                        null,
                        2,
                        fit -> Checkpoint.read(
                                fit, new ByteArrayInputStream(inEpoch3), "c.backdraft", Set.of("batchGrowth")),
                        List.of(rest)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the checkpoint is of batch 1 of the 7 of an epoch")
                .hasMessageContaining("batchGrowth can change at the end of an epoch only");
        assertThat(rest.fit).as("nobody was told").isNull();
    }

    @Test
    void whatIsCenteredInDoubleIsCenteredAgain() throws IOException {
        TrainingRequest request = request(CONFIG).withStandardize(true);
        List<Example> shifted = shiftedRows(1.7e9);
        Recorder whole = new Recorder();
        Model expected = LocalTraining.train(request, shifted, whole);
        byte[] checkpoint = whole.checkpoints.get(0);

        assertThat(expected.preprocessing().features().centered()).containsExactly(1);
        assertThat(resume(request, shifted, checkpoint, new Recorder()).weightsSha256())
                .isEqualTo(expected.weightsSha256());
        assertThatThrownBy(() -> resume(request, shiftedRows(1.7e9 + 0.25), checkpoint, new Recorder()))
                .isInstanceOf(ModelFileException.class); // other rows, though the same floats
    }

    private static List<Example> shiftedRows(double offset) {
        return rows().stream()
                .map(row ->
                        Example.dense(new double[] {row.value(0), offset + row.value(1), row.value(2)}, row.label()))
                .toList();
    }

    @Test
    void aFinishedTrainingGivesItsModelAgain() throws IOException {
        Recorder recorder = new Recorder();
        Model expected = LocalTraining.train(request(CONFIG), rows(), recorder);
        Model again = resume(request(CONFIG), recorder.checkpoints.get(EPOCHS - 1), new Recorder());
        assertThat(again.weightsSha256()).isEqualTo(expected.weightsSha256());
    }

    @Test
    void moreEpochsMayFollow() throws IOException {
        Recorder recorder = new Recorder();
        LocalTraining.train(request(CONFIG), rows(), recorder);
        TrainingRequest longer = request(CONFIG.withEpochs(EPOCHS + 2));
        Model expected = LocalTraining.train(longer, rows());
        assertThat(resume(longer, recorder.checkpoints.get(EPOCHS - 1), new Recorder())
                        .weightsSha256())
                .isEqualTo(expected.weightsSha256());
    }

    @Test
    void aCheckpointOfAnotherTrainingIsRefused() {
        Recorder recorder = new Recorder();
        LocalTraining.train(request(CONFIG), rows(), recorder);
        byte[] checkpoint = recorder.checkpoints.get(2);
        assertRefused(request(CONFIG.withSeed(7)), checkpoint, "its configuration is different: seed 42 instead of 7;");
        assertRefused(request(CONFIG.withOptimizer(new Adam(0.8, 0.9, 1e-8))), checkpoint, "configuration");
        TrainingRequest wider = new TrainingRequest(Network.perceptron(new Relu(), 3, 9, 2), null, CONFIG, false, 0.2);
        assertRefused(wider, checkpoint, "its network is different");
        assertRefused(request(CONFIG).withValidationFraction(0), checkpoint, "its training rows are different");
        assertRefused(request(CONFIG), Arrays.copyOf(checkpoint, checkpoint.length - 1), "is truncated: 1 byte");
        assertRefused(request(CONFIG), new byte[0], "is not a checkpoint");
    }

    @Test
    void aCheckpointWithTheNamesOfAnEarlierVersionGoesOn() throws IOException {
        Network network = new Network(List.of(new Dense(3, 2, new LecunUniform())));
        TrainingConfig config = CONFIG.withOptimizer(new Momentum(Momentum.Form.AVERAGE));
        TrainingRequest request = new TrainingRequest(network, null, config, false, 0.2);
        Recorder recorder = new Recorder();
        Model expected = LocalTraining.train(request, rows(), recorder);
        TensorFile file = TensorFile.read(new ByteArrayInputStream(recorder.checkpoints.get(2)), "c.backdraft");
        file.put("config", file.text("config").replace("\"momentum\":0.9", "\"beta\":0.9,\"biasCorrection\":false"));
        file.put("network", file.text("network").replace("lecun-uniform", "xavier-uniform"));
        ByteArrayOutputStream earlier = new ByteArrayOutputStream();
        file.write(earlier);
        assertThat(earlier.toString(StandardCharsets.ISO_8859_1)).contains("biasCorrection", "xavier-uniform");
        assertThat(resume(request, earlier.toByteArray(), new Recorder()).weightsSha256())
                .isEqualTo(expected.weightsSha256());
    }

    private static void assertRefused(TrainingRequest request, byte[] checkpoint, String why) {
        assertThatThrownBy(() -> resume(request, checkpoint, new Recorder()))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("c.backdraft")
                .hasMessageContaining(why);
    }

    private static Model resume(TrainingRequest request, byte[] checkpoint, Recorder recorder) throws IOException {
        return resume(request, rows(), checkpoint, recorder);
    }

    private static Model resume(TrainingRequest request, List<Example> rows, byte[] checkpoint, Recorder recorder)
            throws IOException {
        return LocalTraining.train(
                request,
                MemorySource.of(rows, 2),
                null,
                2,
                fit -> Checkpoint.read(fit, new ByteArrayInputStream(checkpoint), "c.backdraft"),
                List.of(recorder));
    }
}
