package dev.backdraft.train.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.linalg.SplitMix;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFileException;
import dev.backdraft.network.Network;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.OnDivergence;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.TrainingState;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Trainings of 4 epochs of 10 steps that are cut off, and continue from their files. */
class CheckpointsTest {
    private static final int STEPS = 10;
    private static final TrainingConfig CONFIG =
            TrainingConfig.standard().withEpochs(4).withBatchSize(20).withLearningRate(0.01);
    private static final Network NETWORK = Network.perceptron(new Tanh(), 3, 6, 2);

    @TempDir
    private Path directory;

    private final List<String> warnings = new ArrayList<>();

    private static List<Example> rows() {
        SplitMix random = SplitMix.at(5, 0, 0, 0);
        List<Example> rows = new ArrayList<>();
        for (int i = 0; i < 20 * STEPS; i++) {
            float x = (float) random.nextGaussian();
            float y = (float) random.nextGaussian();
            rows.add(Example.dense(new float[] {x, y, 1}, x * y > 0 ? 1 : 0));
        }
        return rows;
    }

    private Checkpoints checkpoints(String every, int keep) {
        return checkpoints(CheckpointFiles.in(directory), every, keep, CheckpointPolicy.OnFailure.STOP);
    }

    private Checkpoints checkpoints(
            CheckpointFiles files, String every, int keep, CheckpointPolicy.OnFailure onFailure) {
        CheckpointInterval interval = every == null ? null : CheckpointInterval.parse(every);
        return new Checkpoints(files, new CheckpointPolicy(interval, keep, onFailure), warnings::add);
    }

    private Model train(TrainingConfig config, Checkpoints checkpoints, TrainingListener... more) throws IOException {
        List<TrainingListener> listeners = new ArrayList<>(List.of(checkpoints));
        listeners.addAll(List.of(more));
        try (checkpoints) {
            return LocalTraining.train(
                    TrainingRequest.of(NETWORK, config),
                    new MemorySource(rows(), List.of(), null),
                    null,
                    2,
                    checkpoints.start(Set.of()),
                    listeners);
        }
    }

    /** Ends a training as a crash would, after an update. */
    private record CrashAfter(long updates) implements TrainingListener {
        @Override
        public void epochEnded(EpochResult result) {}

        @Override
        public void stepDone(TrainingState state) {
            if (state.updates() == updates) {
                throw new IllegalStateException("crash");
            }
        }
    }

    private void crashes(TrainingConfig config, String every, int keep, long updates) {
        assertThatThrownBy(() -> train(config, checkpoints(every, keep), new CrashAfter(updates)))
                .hasMessage("crash");
    }

    private static String expected(TrainingConfig config) {
        return LocalTraining.train(TrainingRequest.of(NETWORK, config), rows()).weightsSha256();
    }

    private List<String> files() throws IOException {
        List<String> names = CheckpointFiles.in(directory).list();
        names.sort(Comparator.comparingLong(name -> Long.parseLong(name.replaceAll("\\D", ""))));
        return names;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1", "2 epochs", "3 steps", "1 step", "0.00000001 minutes"})
    void aTrainingThatCrashedContinuesToTheSameBits(String every) throws IOException {
        crashes(CONFIG, every, 2, 27);
        assertThat(files()).hasSizeBetween(1, 2);
        AtomicInteger first = new AtomicInteger();
        Model model = train(CONFIG, checkpoints(every, 2), new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {
                first.compareAndSet(0, result.epoch());
            }
        });
        assertThat(first).hasValue(3);
        assertThat(model.weightsSha256()).isEqualTo(expected(CONFIG));
    }

    private static final TrainingConfig REFIT =
            CONFIG.withEpochs(12).withLearningRate(0.3).withEarlyStopping(new EarlyStopping("loss", 2, 0, true));

    private Model refit(TrainingConfig config, Checkpoints checkpoints, TrainingListener... ofSecond)
            throws IOException {
        List<TrainingListener> listeners = new ArrayList<>(List.of(checkpoints));
        for (TrainingListener each : ofSecond) {
            listeners.add(new TrainingListener() {
                @Override
                public void epochEnded(EpochResult result) {}

                @Override
                public TrainingListener ofRefit() {
                    return each;
                }
            });
        }
        try (checkpoints) {
            return LocalTraining.train(
                    TrainingRequest.of(NETWORK, config).withStandardize(true).withValidationFraction(0.3),
                    new MemorySource(rows(), List.of(), null),
                    null,
                    2,
                    checkpoints.start(Set.of()),
                    listeners);
        }
    }

    /** Its steps are longer than those of the first, as it has all rows: 10 of them make an epoch. */
    @ParameterizedTest
    @ValueSource(strings = {"1", "3 steps"})
    void aSecondTrainingThatCrashedContinuesToTheSameBits(String every) throws IOException {
        Model expected = refit(REFIT, checkpoints(null, 1));
        assertThat(Integer.parseInt(expected.provenance().get("weightsOfEpoch")))
                .isGreaterThan(2);
        deleteFiles();
        assertThatThrownBy(() -> refit(REFIT, checkpoints(every, 2), new CrashAfter(17)))
                .hasMessage("crash");
        assertThat(files()).anyMatch(name -> name.startsWith("refit-step-1"));

        List<Integer> epochs = new ArrayList<>();
        Model model = refit(REFIT, checkpoints(every, 2), result -> epochs.add(result.epoch()));
        assertThat(epochs).startsWith(2);
        assertThat(model.weightsSha256()).isEqualTo(expected.weightsSha256());
        assertThat(model.provenance()).isEqualTo(expected.provenance());

        epochs.clear();
        Model again = refit(REFIT, checkpoints(every, 2), result -> epochs.add(result.epoch()));
        assertThat(epochs).as("of a second training that had ended").isEmpty();
        assertThat(again.weightsSha256()).isEqualTo(expected.weightsSha256());
    }

    private void deleteFiles() throws IOException {
        for (String name : files()) {
            Files.delete(directory.resolve(name));
        }
    }

    @Test
    void aSecondTrainingWhoseCheckpointsAreDamagedStartsFromScratch() throws IOException {
        Model expected = refit(REFIT, checkpoints("1", 2));
        for (String name : files()) {
            if (name.startsWith("refit-")) {
                Files.write(directory.resolve(name), new byte[100]);
            }
        }
        List<Integer> epochs = new ArrayList<>();
        Model model = refit(REFIT, checkpoints("1", 2), result -> epochs.add(result.epoch()));
        assertThat(epochs).startsWith(1);
        assertThat(warnings).hasSize(2);
        assertThat(model.weightsSha256()).isEqualTo(expected.weightsSha256());
    }

    /** The best epoch may be another one then. */
    @Test
    void aFirstTrainingThatGoesOnRemovesTheCheckpointsOfTheSecond() throws IOException {
        TrainingConfig two = REFIT.withEpochs(2);
        refit(two, checkpoints("1", 2));
        assertThat(files()).anyMatch(name -> name.startsWith("refit-"));
        List<Integer> epochs = new ArrayList<>();
        Model model = refit(REFIT, checkpoints("1", 2), result -> epochs.add(result.epoch()));
        assertThat(epochs).startsWith(1);
        deleteFiles();
        assertThat(model.weightsSha256())
                .isEqualTo(refit(REFIT, checkpoints(null, 2)).weightsSha256());

        refit(two, checkpoints("1", 2));
        checkpoints("1", 2).deleteAll();
        assertThat(files()).isEmpty();
    }

    @Test
    void theNewestAreKept() throws IOException {
        train(CONFIG, checkpoints("1", 3));
        assertThat(files()).containsExactly("step-20.backdraft", "step-30.backdraft", "step-40.backdraft");
    }

    @Test
    void aCheckpointInTheMiddleOfAnEpochIsContinuedThere() throws IOException {
        crashes(CONFIG, "13 steps", 1, 17);
        assertThat(files()).containsExactly("step-13.backdraft");
        List<Long> updates = new ArrayList<>();
        train(CONFIG, checkpoints("1", 1), new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {}

            @Override
            public void stepDone(TrainingState state) {
                updates.add(state.updates());
            }
        });
        assertThat(updates).startsWith(14L);
    }

    @Test
    void aDamagedCheckpointIsPassedOverForTheOneBefore() throws IOException {
        crashes(CONFIG, "1", 2, 25);
        assertThat(files()).containsExactly("step-10.backdraft", "step-20.backdraft");
        Path newest = directory.resolve("step-20.backdraft");
        byte[] bytes = Files.readAllBytes(newest);
        bytes[bytes.length - 1] ^= 1;
        Files.write(newest, bytes);
        assertThat(train(CONFIG, checkpoints("1", 2)).weightsSha256()).isEqualTo(expected(CONFIG));
        assertThat(warnings).singleElement().asString().contains("step-20.backdraft", "SHA-256", "earlier");
    }

    @Test
    void whenAllAreDamagedNothingStarts() throws IOException {
        crashes(CONFIG, "1", 2, 25);
        for (String file : files()) {
            Files.write(directory.resolve(file), new byte[] {1, 2, 3});
        }
        assertThatThrownBy(() -> train(CONFIG, checkpoints("1", 2)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("step-20.backdraft");
        assertThat(files()).hasSize(2);
    }

    @Test
    void checkpointsOfAnotherTrainingAreRefusedAndStay() throws IOException {
        crashes(CONFIG, "1", 2, 25);
        assertThatThrownBy(() -> train(CONFIG.withSeed(8), checkpoints("1", 2)))
                .isInstanceOf(ModelFileException.class)
                .hasMessageContaining("seed 42 instead of 8");
        assertThat(files()).hasSize(2);
    }

    @Test
    void otherFilesInTheDirectoryAreLeftAlone() throws IOException {
        Files.createDirectories(directory);
        for (String name : List.of("step-7.txt", "step-007.backdraft", "step-x.backdraft", "model.backdraft")) {
            Files.writeString(directory.resolve(name), "mine");
        }
        train(CONFIG, checkpoints("1", 1));
        assertThat(CheckpointFiles.in(directory).list())
                .containsExactlyInAnyOrder(
                        "step-7.txt", "step-007.backdraft", "step-x.backdraft", "model.backdraft", "step-40.backdraft");
    }

    @Test
    void whatKilledWritersOfOtherCheckpointsHaveLeftIsRemoved() throws IOException {
        Files.createDirectories(directory);
        Path dead = directory.resolve(".backdraft-step-7.backdraft-01234567-89ab-cdef-0123-456789abcdef.tmp");
        Files.writeString(dead, "half");
        train(CONFIG, checkpoints("1", 1));
        assertThat(dead).doesNotExist();
    }

    @Test
    void aTrainingThatMayGoBackToTheEndOfAnEpochHasCheckpointsOfThese() throws IOException {
        crashes(CONFIG.withOnDivergence(OnDivergence.ROLLBACK), "3 steps", 2, 25);
        assertThat(files()).containsExactly("step-10.backdraft", "step-20.backdraft");
    }

    @Test
    void theBestWeightsAreInEachCheckpoint() throws IOException {
        TrainingConfig stopping = CONFIG.withEarlyStopping(new EarlyStopping("loss", 1, 10)); // the first is the best
        crashes(stopping, "3 steps", 1, 15);
        assertThat(train(stopping, checkpoints("3 steps", 1)).weightsSha256()).isEqualTo(expected(stopping));
    }

    /** A directory whose files take as long to write as the test says, or cannot be written. */
    private record Slow(CheckpointFiles inner, CountDownLatch gate, AtomicInteger failAfter)
            implements CheckpointFiles {
        @Override
        public List<String> list() throws IOException {
            return inner.list();
        }

        @Override
        public InputStream open(String name) throws IOException {
            return inner.open(name);
        }

        @Override
        public void replace(String name, Content content) throws IOException {
            try {
                gate.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
            inner.replace(name, out -> {
                content.writeTo(out);
                if (failAfter.getAndDecrement() <= 0) {
                    throw new IOException("No space left on device");
                }
            });
        }

        @Override
        public void delete(String name) throws IOException {
            inner.delete(name);
        }

        @Override
        public String location(String name) {
            return inner.location(name);
        }
    }

    @Test
    void theTrainingDoesNotWaitForAFileInTheMiddleOfAnEpoch() throws IOException {
        CountDownLatch gate = new CountDownLatch(1);
        Slow slow = new Slow(CheckpointFiles.in(directory), gate, new AtomicInteger(100));
        train(CONFIG, checkpoints(slow, "2 steps", 9, CheckpointPolicy.OnFailure.STOP), new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {}

            @Override
            public void stepDone(TrainingState state) {
                if (state.updates() == STEPS - 1) {
                    gate.countDown(); // the file of step 2 could not be written before
                }
            }
        });
        assertThat(files()).contains("step-2.backdraft", "step-40.backdraft").doesNotContain("step-4.backdraft");
    }

    @Test
    void whenAFileCannotBeWrittenTheTrainingEndsAndTheOneBeforeIsLeft() throws IOException {
        Slow full = new Slow(CheckpointFiles.in(directory), new CountDownLatch(0), new AtomicInteger(1));
        assertThatThrownBy(() -> train(CONFIG, checkpoints(full, "1", 2, CheckpointPolicy.OnFailure.STOP)))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseMessage("No space left on device")
                .hasMessageContaining("cannot write checkpoint " + directory.resolve("step-20.backdraft"))
                .hasMessageContaining(" bytes: No space left on device");
        assertThat(files()).containsExactly("step-10.backdraft");
        assertThat(train(CONFIG, checkpoints("1", 2)).weightsSha256()).isEqualTo(expected(CONFIG));
    }

    /** Keeps the state of an epoch, as whoever saves a training that has ended does. */
    private static final class Keeper implements TrainingListener {
        private TrainingState kept;

        @Override
        public void epochEnded(EpochResult result) {}

        @Override
        public void epochEnded(EpochResult result, TrainingState state) {
            if (state.epoch() == 2) {
                kept = TrainingState.start(NETWORK, CONFIG);
                state.copyTo(kept);
            }
        }
    }

    @Test
    void anEarlierStateReplacesLaterOnesOnlyWhenItIsWritten() throws IOException {
        AtomicInteger failAfter = new AtomicInteger(100);
        Slow disk = new Slow(CheckpointFiles.in(directory), new CountDownLatch(0), failAfter);
        Checkpoints checkpoints = checkpoints(disk, "15 steps", 2, CheckpointPolicy.OnFailure.STOP);
        Keeper keeper = new Keeper();
        train(CONFIG, checkpoints, keeper);
        List<String> before = files();
        assertThat(before).hasSize(2).doesNotContain("step-20.backdraft");

        assertThat(checkpoints.writeUnlessNewer(keeper.kept))
                .as("there is a later one")
                .isTrue();
        assertThat(files()).isEqualTo(before);
        assertThat(checkpoints.isWritten(keeper.kept)).isFalse();
        failAfter.set(0);
        assertThatThrownBy(() -> checkpoints.writeAsNewest(keeper.kept)).isInstanceOf(IOException.class);
        assertThat(files()).as("nothing is lost").isEqualTo(before);
        failAfter.set(100);
        assertThat(checkpoints.writeAsNewest(keeper.kept)).isTrue();
        assertThat(files()).containsExactly("step-20.backdraft");
        assertThat(checkpoints.isWritten(keeper.kept)).isTrue();
        assertThat(train(CONFIG, checkpoints("1", 2)).weightsSha256()).isEqualTo(expected(CONFIG));
    }

    @Test
    void orItContinuesIfThatIsAskedFor() throws IOException {
        Slow full = new Slow(CheckpointFiles.in(directory), new CountDownLatch(0), new AtomicInteger(1));
        Model model = train(CONFIG, checkpoints(full, "1", 2, CheckpointPolicy.OnFailure.CONTINUE));
        assertThat(model.weightsSha256()).isEqualTo(expected(CONFIG));
        assertThat(warnings).hasSize(3).allMatch(warning -> warning.endsWith("the training continues"));
    }
}
