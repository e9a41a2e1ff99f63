package dev.backdraft.train.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Relu;
import dev.backdraft.data.BatchLayout;
import dev.backdraft.data.Example;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.model.TensorFile;
import dev.backdraft.network.Network;
import dev.backdraft.optim.Averaging;
import dev.backdraft.optim.Optimizers;
import dev.backdraft.schedule.ReduceOnPlateau;
import dev.backdraft.train.Checkpoint;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A checkpoint with right checksums but numbers that no training leaves is refused. */
class CheckpointNumbersTest {
    private static final TrainingConfig CONFIG = TrainingConfig.standard()
            .withEpochs(3)
            .withBatchSize(10)
            .withAveraging(new Averaging())
            .withEarlyStopping(new EarlyStopping("loss", 5, 0))
            .withReduceOnPlateau(new ReduceOnPlateau(
                    ReduceOnPlateau.Mode.MIN, 0.5, 2, 0.5, ReduceOnPlateau.ThresholdMode.RELATIVE, 1, 0));
    private static final Network NETWORK = Network.builder(2)
            .dense(4)
            .batchNorm()
            .activation(new Relu())
            .dense(2)
            .build();

    @ParameterizedTest
    @CsvSource({
        "adagrad, 0",
        "rmsprop, 0",
        "adadelta, 0",
        "adadelta, 1",
        "adam, 1",
        "amsgrad, 1",
        "amsgrad, 2",
        "adamw, 1",
        "nadam, 1",
        "lamb, 1",
    })
    void aNegativeSquareIsRefused(String optimizer, int slot) throws IOException {
        TrainingConfig config = CONFIG.withOptimizer(Optimizers.named(optimizer));
        assertRefused(
                config,
                file -> file.floats("optimizer.slot." + slot, NETWORK.parameterCount())[3] = -1e-9f,
                "entry 3 of the squares that the optimizer keeps is -1.0E-9");
    }

    @Test
    void averagesOfGradientsMayBeNegative() throws IOException {
        TrainingConfig config = CONFIG.withOptimizer(Optimizers.named("adam"));
        read(config, file -> file.floats("optimizer.slot.0", NETWORK.parameterCount())[3] = -1);
    }

    @ParameterizedTest
    @CsvSource({
        "optimizer.steps, -1",
        "optimizer.steps, many",
        "epoch, -1",
        "epoch, 4294967296",
        "epoch, 1.5",
        "updates, -1",
        "updates, ''",
        "average.count, -1",
        "average.count, 9223372036854775808",
    })
    void aCountThatIsNoneIsRefused(String key, String text) throws IOException {
        assertRefused(CONFIG, file -> file.put(key, text), "'" + key + "' is '" + text + "', not a whole number");
    }

    @ParameterizedTest
    @CsvSource({
        "plateau, 4, 0, NaN",
        "plateau, 4, 0, Infinity",
        "plateau, 4, 0, 0",
        "plateau, 4, 0, -0.1",
        "plateau, 4, 1, NaN",
        "plateau, 4, 2, -1",
        "plateau, 4, 2, 3",
        "plateau, 4, 2, 0.5",
        "plateau, 4, 3, NaN",
        "plateau, 4, 3, 2",
        "best.numbers, 2, 1, -1",
        "best.numbers, 2, 1, 0.5",
        "best.numbers, 2, 1, 4",
        "best.numbers, 2, 1, NaN",
        "history, 21, 0, -1",
        "history, 21, 7, 3",
        "history, 21, 20, NaN",
        "average, 38, 5, NaN",
        "average, 38, 5, -Infinity",
        "average, 38, 5, 1e39",
    })
    void aNumberOutOfItsRangeIsRefused(String key, int length, int at, double bad) throws IOException {
        assertRefused(CONFIG, file -> file.doubles(key, length)[at] = bad, "");
    }

    @Test
    void moreEpochsThanItHasFiguresOfAreRefused() throws IOException {
        assertRefused(CONFIG, file -> file.put("epoch", "4"), "no 'history' of 28 float64 numbers");
        assertRefused(CONFIG, file -> file.put("epoch", "2147483647"), "it has too many epochs");
    }

    @Test
    void theLossOfAnUnfinishedEpochIsFinite() throws IOException {
        assertRefused(
                CONFIG,
                file -> {
                    file.put("step", "1");
                    file.put("step.nanos", "1");
                    file.put("step.losses", new double[] {1, Double.NaN, 0});
                },
                "the loss of its unfinished epoch is not finite");
    }

    @ParameterizedTest
    @CsvSource({"parameters", "best.parameters"})
    void aNegativeVarianceIsRefused(String key) throws IOException {
        assertRefused(
                CONFIG,
                file -> {
                    float[] all = file.floats(key, NETWORK.length());
                    all[all.length - 1] = -1;
                },
                "variance 3 of a batch normalization is -1.0");
    }

    @Test
    void placesOfPairsOutsideTheRingAreRefused() throws IOException {
        TrainingConfig config = CONFIG.withOptimizer(Optimizers.named("lbfgs"))
                .withBatchSize(BatchLayout.FULL_BATCH)
                .withLearningRate(1)
                .withAveraging(null)
                .withReduceOnPlateau(null);
        int length = 11 + 1 + 2 + 2 * 10;
        for (int at : new int[] {11, 12, 13}) {
            for (double bad : new double[] {-1, 0.5, 11, Double.NaN, Double.POSITIVE_INFINITY}) {
                assertRefused(config, file -> file.doubles("optimizer.scalars", length)[at] = bad, "");
            }
        }
    }

    private static void assertRefused(TrainingConfig config, Consumer<TensorFile> change, String says)
            throws IOException {
        read(config, file -> {});
        assertThatThrownBy(() -> read(config, change))
                .isInstanceOf(ModelFileException.class)
                .hasMessageStartingWith("c.backdraft: cannot be used: ")
                .hasMessageContaining(says);
    }

    private static void read(TrainingConfig config, Consumer<TensorFile> change) throws IOException {
        Recorder written = new Recorder();
        List<Example> rows = IntStream.range(0, 60)
                .mapToObj(i -> {
                    SplitMix random = SplitMix.at(i, 0, 0, 0);
                    float[] x = {(float) random.nextGaussian(), (float) random.nextGaussian()};
                    return Example.dense(x, x[0] > x[1] ? 1 : 0);
                })
                .toList();
        LocalTraining.train(
                TrainingRequest.of(NETWORK, config).withValidationFraction(0.2),
                MemorySource.of(rows, 2),
                null,
                1,
                fit -> TrainingState.start(fit.network(), fit.config()),
                List.of(written));
        TensorFile file = TensorFile.read(new ByteArrayInputStream(written.last()), "c.backdraft");
        change.accept(file);
        ByteArrayOutputStream changed = new ByteArrayOutputStream();
        file.write(changed);
        TrainingState state =
                Checkpoint.read(written.fit, new ByteArrayInputStream(changed.toByteArray()), "c.backdraft");
        assertThat(state.epoch()).isEqualTo(3);
    }
}
