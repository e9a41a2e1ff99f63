package dev.backdraft.spark.cli;

import static dev.backdraft.train.checkpoint.CheckpointPolicy.OnFailure.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.data.Example;
import dev.backdraft.data.MemorySource;
import dev.backdraft.network.Network;
import dev.backdraft.train.EarlyStopping;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.TrainingConfig;
import dev.backdraft.train.TrainingEnd;
import dev.backdraft.train.TrainingListener;
import dev.backdraft.train.TrainingRequest;
import dev.backdraft.train.checkpoint.CheckpointPolicy;
import dev.backdraft.train.local.LocalTraining;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Ctrl-C and SIGTERM, sent to a command in a JVM of its own. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class InterruptionTest {
    /** What ends a command, and the exit code that it ends with. */
    private enum Signal {
        INT(128 + 2),
        TERM(128 + 15);

        private final int exitCode;

        Signal(int exitCode) {
            this.exitCode = exitCode;
        }

        /**
         * This signal, or SIGTERM where this process ignores SIGINT, as processes in the background may, and so would
         * its children.
         */
        Signal here() throws IOException {
            Path status = Path.of("/proc/self/status");
            if (this == TERM || !Files.exists(status)) {
                return this;
            }
            String ignored = Files.readAllLines(status).stream()
                    .filter(line -> line.startsWith("SigIgn:"))
                    .findFirst()
                    .orElseThrow()
                    .substring("SigIgn:".length())
                    .strip();
            boolean ignoresInt = (Long.parseUnsignedLong(ignored, 16) >> (exitCode - 128 - 1) & 1) == 1;
            return ignoresInt ? TERM : this;
        }

        void send(Process process) throws IOException, InterruptedException {
            String pid = Long.toString(process.pid());
            assertThat(new ProcessBuilder("kill", "-" + name(), pid).start().waitFor())
                    .isZero();
        }
    }

    @TempDir
    Path directory;

    private Shell shell;
    private Process command; // or null

    @BeforeEach
    void openShell() {
        shell = new Shell(directory);
    }

    /** A command that a test has left behind would run for hours. */
    @AfterEach
    void endCommand() {
        if (command != null) {
            command.destroyForcibly();
        }
    }

    private Process start(List<String> arguments) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1", // starts sooner, and trains slowly enough to be interrupted
                "-XX:+UseSerialGC",
                "-Dlog4j2.configurationFile=src/main/launcher/log4j2.properties", // as ./backdraft does it
                "-Dbackdraft.log=warn"));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--add-"))
                .forEach(line::add);
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.backdraft.spark.cli.Main"));
        line.addAll(arguments);
        command = new ProcessBuilder(line)
                .redirectOutput(directory.resolve("out.txt").toFile())
                .redirectError(directory.resolve("err.txt").toFile())
                .start();
        return command;
    }

    /** Waits until the history has an epoch, sends a signal, and returns what the command then complained about. */
    private String end(Process process, Signal signal) throws Exception {
        Path history = directory.resolve("run/history.csv");
        while (process.isAlive()
                && (!Files.exists(history) || Files.readAllLines(history).size() < 2)) {
            Thread.sleep(20);
        }
        signal.send(process);
        assertThat(process.waitFor()).isEqualTo(signal.exitCode);
        return Files.readString(directory.resolve("err.txt"));
    }

    /** Nothing is printed but our own lines, whoever computes. */
    @ParameterizedTest
    @Tag("slow")
    @CsvSource({
        "local, 20, INT",
        "job, 20, INT", // epochs of a second, which the command waits for
        "resident, 20, TERM",
        "job, 2, INT", // epochs of many seconds, which it does not wait for
    })
    void anInterruptedTrainingEndsQuietly(String aggregation, int batch, Signal signal) throws Exception {
        Path data = shell.points("points.csv", 2000);
        List<String> arguments = shell.train(
                data, "--epochs=15000", "--batch-size=" + batch, "--master=local[2]", "--aggregation=" + aggregation);
        String complaints = end(start(arguments), signal.here());

        List<String> ours = complaints
                .lines()
                .filter(line -> !line.isBlank() && !line.startsWith("WARNING: "))
                .toList();
        assertThat(ours).allMatch(line -> line.startsWith("backdraft: ")).hasSize(2);
        assertThat(directory.resolve("run/run.lock")).doesNotExist();
        shell.succeed("inspect", shell.name("run/model.backdraft"));
    }

    @Test
    void aTerminatedTrainingIsSavedAndContinuesWithTheSameBits() throws Exception {
        Path data = shell.points("points.csv", 2000);
        String[] rest = {"--epochs", "1500", "--batch-size", "20"};
        String complaints = end(start(shell.train(data, rest)), Signal.TERM);

        assertThat(complaints).contains("saved", "checkpoint", "--resume").doesNotContain("\tat ");
        shell.succeed("inspect", shell.name("run/model.backdraft"));
        assertThat(shell.out()).contains("it was interrupted");

        shell.trains(data, "--epochs", "1500", "--batch-size", "20", "--resume");
        String resumed = shell.hash("run");
        shell.trains(data, "--epochs", "1500", "--batch-size", "20", "--out", shell.name("whole"));
        assertThat(resumed).isEqualTo(shell.hash("whole"));
    }

    /** Trains for three epochs, blocks within one of them, ends the training there, and returns what it says. */
    private String interruptWithin(int epoch) throws Exception {
        StringWriter err = new StringWriter();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        RunDirectory run = RunDirectory.forNewRun(shell.name("run"), true);
        PrintWriter console = new PrintWriter(err, true);
        RunCheckpoints checkpoints = new RunCheckpoints(run, new CheckpointPolicy(null, 1, STOP), false, console);
        Interruption interruption = new Interruption(run, checkpoints, console, 20);
        TrainingListener blocker = new TrainingListener() {
            @Override
            public void epochEnded(EpochResult result) {}

            @Override
            public void stepDone(int ofEpoch, long step, long steps) {
                if (ofEpoch == epoch) {
                    blocked.countDown();
                    awaitWhateverInterrupts(released);
                }
            }
        };
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread trainer = new Thread(() -> {
            try (interruption) {
                LocalTraining.train(
                        TrainingRequest.of(
                                Network.builder(1).dense(1).build(),
                                TrainingConfig.standard().withEpochs(3)),
                        List.of(Example.dense(new float[] {1}, 7)),
                        checkpoints,
                        interruption,
                        blocker);
            } catch (RuntimeException e) {
                thrown.set(e);
            }
        });
        trainer.start();
        await(blocked);
        interruption.end();
        released.countDown();
        trainer.join();
        assertThat(interruption.isTakenOver()).isTrue();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        return err.toString();
    }

    private static final int EPOCHS = 6; // the last one is the best, as the loss falls throughout

    /** Trains a second time on all rows, without a checkpoint but those of an interruption, and returns the hash. */
    private String trainTwice(
            boolean resumes, String run, PrintWriter console, Function<Interruption, TrainingListener> more)
            throws IOException {
        RunDirectory at =
                resumes ? RunDirectory.toGoOn(shell.name(run)) : RunDirectory.forNewRun(shell.name(run), true);
        TrainingConfig config =
                TrainingConfig.standard().withEpochs(EPOCHS).withEarlyStopping(new EarlyStopping("loss", 2, 0, true));
        List<Example> rows = IntStream.range(0, 40)
                .mapToObj(i -> Example.dense(new float[] {i / 40f}, i / 8f))
                .toList();
        try (RunCheckpoints checkpoints =
                        new RunCheckpoints(at, new CheckpointPolicy(null, 1, STOP), resumes, console);
                Interruption interruption = new Interruption(at, checkpoints, console, GRACE_MILLIS)) {
            return LocalTraining.train(
                            TrainingRequest.of(Network.builder(1).dense(1).build(), config)
                                    .withValidationFraction(0.3),
                            new MemorySource(rows, List.of(), null),
                            null,
                            1,
                            checkpoints.start(Set.of()),
                            List.of(checkpoints, interruption, more.apply(interruption)))
                    .weightsSha256();
        }
    }

    private String trainTwice(boolean resumes, String run, Consumer<EpochResult> ofSecond) throws IOException {
        return trainTwice(
                resumes, run, new PrintWriter(new StringWriter()), interruption -> new OfSecond(ofSecond, () -> {}));
    }

    private static final int GRACE_MILLIS = 1000;

    /** Tells what the second training does, and does something within its epochs. */
    private record OfSecond(Consumer<EpochResult> epochs, Runnable inEachStep) implements TrainingListener {
        @Override
        public void epochEnded(EpochResult result) {}

        @Override
        public TrainingListener ofRefit() {
            return new TrainingListener() {
                @Override
                public void epochEnded(EpochResult result) {
                    epochs.accept(result);
                }

                @Override
                public void stepDone(int epoch, long step, long steps) {
                    inEachStep.run();
                }
            };
        }
    }

    /**
     * Sends a signal within an epoch of the second training, which then ends in time, or waits until it was saved.
     *
     * @return what the command said
     */
    private String interruptSecondWithin(int epoch, boolean endsInTime) throws Exception {
        StringWriter err = new StringWriter();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<Thread> signal = new AtomicReference<>();
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread trainer = new Thread(
                () -> { // will be interrupted
                    try {
                        trainTwice(
                                false,
                                "run",
                                new PrintWriter(err, true),
                                interruption -> new OfSecond(result -> done.set(result.epoch()), () -> {
                                    if (done.get() == epoch - 1 && signal.get() == null) {
                                        signal.set(new Thread(interruption::end));
                                        signal.get().start();
                                        while (!(endsInTime
                                                ? interruption.isRequested()
                                                : interruption.isTakenOver())) {
                                            Thread.onSpinWait();
                                        }
                                    }
                                }));
                    } catch (IOException | RuntimeException e) {
                        thrown.set(e);
                    }
                });
        trainer.start();
        trainer.join();
        signal.get().join();
        assertThat(thrown.get()).isInstanceOf(CancellationException.class);
        return err.toString();
    }

    /** The checkpoint is that of the epoch before when the running one does not end in time. */
    @ParameterizedTest
    @CsvSource({"1, true", "3, true", "1, false", "2, false", "5, false"})
    void aSecondTrainingContinuesAfterItsLastEpoch(int epoch, boolean endsInTime) throws Exception {
        String whole = trainTwice(false, "whole", result -> {});
        int last = endsInTime ? epoch : epoch - 1;
        assertThat(interruptSecondWithin(epoch, endsInTime))
                .contains(
                        "interrupted in the second training, "
                                + (last == 0 ? "before its first epoch ended" : "after epoch " + last + " of 6"),
                        "model.backdraft of the first one and a checkpoint; continue with: ./backdraft train --resume");
        shell.succeed("inspect", shell.name("run"));
        assertThat(shell.out()).contains("weightsOfEpoch: 6").doesNotContain("refitRows");

        List<Integer> epochs = new ArrayList<>();
        String resumed = trainTwice(true, "run", result -> epochs.add(result.epoch()));
        assertThat(epochs)
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(last + 1, EPOCHS).boxed().toList());
        assertThat(resumed).isEqualTo(whole);
    }

    @Test
    void aSecondTrainingThatEndsInTimeMakesTheModel() throws Exception {
        String whole = trainTwice(false, "whole", result -> {});
        StringWriter err = new StringWriter();
        AtomicInteger done = new AtomicInteger();
        AtomicReference<Thread> signal = new AtomicReference<>();
        AtomicReference<Interruption> used = new AtomicReference<>();
        String hash = trainTwice(false, "run", new PrintWriter(err, true), interruption -> {
            used.set(interruption);
            return new OfSecond(result -> done.set(result.epoch()), () -> {
                if (done.get() == EPOCHS - 1 && signal.get() == null) {
                    signal.set(new Thread(interruption::end));
                    signal.get().start();
                    while (!interruption.isRequested()) {
                        Thread.onSpinWait();
                    }
                }
            });
        });
        signal.get().join();
        assertThat(hash).isEqualTo(whole);
        used.get().report(); // as the command does
        assertThat(err.toString())
                .contains("after epoch 6 of 6", "model.backdraft and a checkpoint")
                .doesNotContain("of the first one");

        List<Integer> epochs = new ArrayList<>();
        assertThat(trainTwice(true, "run", result -> epochs.add(result.epoch())))
                .isEqualTo(whole);
        assertThat(epochs).isEmpty();
    }

    @Test
    void aSignalAfterTheTrainingLeavesItsModel() throws Exception {
        String whole = trainTwice(false, "whole", result -> {});
        AtomicReference<Thread> signal = new AtomicReference<>();
        AtomicReference<Boolean> takenOver = new AtomicReference<>();
        String hash = trainTwice(
                false, "run", new PrintWriter(new StringWriter(), true), interruption -> new TrainingListener() {
                    @Override
                    public void epochEnded(EpochResult result) {}

                    @Override
                    public void ended(TrainingEnd end) {
                        signal.set(new Thread(interruption::end));
                        signal.get().start();
                        try {
                            signal.get().join(2 * GRACE_MILLIS);
                        } catch (InterruptedException e) {
                            throw new AssertionError(e);
                        }
                        takenOver.set(interruption.isTakenOver());
                    }
                });
        signal.get().join();
        assertThat(takenOver).hasValue(false);
        assertThat(hash).isEqualTo(whole);
        assertThat(shell.path("run/model.backdraft")).doesNotExist(); // that of the first training
    }

    @Test
    @Tag("slow")
    void aTerminatedSecondTrainingContinuesWithTheSameBits() throws Exception {
        Path data = shell.points("points.csv", 2000);
        String[] rest = {
            "--epochs=1500", "--batch-size=20", "--validation=20%", "--early-stopping=patience=9999,refit=true"
        };
        Process process = start(shell.train(data, rest));
        while (process.isAlive()
                && !Files.readString(directory.resolve("out.txt")).contains("training again for")) {
            Thread.sleep(20);
        }
        Thread.sleep(500); // some epochs
        Signal.TERM.send(process);
        assertThat(process.waitFor()).isEqualTo(Signal.TERM.exitCode);
        assertThat(Files.readString(directory.resolve("err.txt")))
                .contains("interrupted in the second training, after epoch ", "--resume")
                .doesNotContain("\tat ");
        shell.succeed("inspect", shell.name("run/model.backdraft"));

        shell.succeed("train", "--resume", "--out", shell.name("run"));
        String resumed = shell.hash("run");
        shell.trains(
                data,
                Stream.concat(Stream.of(rest), Stream.of("--out=" + shell.name("whole")))
                        .toArray(String[]::new));
        assertThat(resumed).isEqualTo(shell.hash("whole"));
    }

    private static void awaitWhateverInterrupts(CountDownLatch latch) {
        boolean interrupted = false;
        while (true) {
            try {
                latch.await();
                break;
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void theLastEpochIsSavedWhenTheRunningOneDoesNotEnd() throws Exception {
        assertThat(interruptWithin(3))
                .contains("interrupted after epoch 2 of 3", "; continue with: ./backdraft train --resume --out ");
        shell.succeed("inspect", shell.name("run"));
        assertThat(shell.out()).contains("it was interrupted", "weightsOfEpoch: 2");
        assertThat(directory.resolve("run/checkpoints")).isNotEmptyDirectory();
    }

    @Test
    void itSaysThatThereIsNothingToSaveBeforeTheFirstEpochEnds() throws Exception {
        assertThat(interruptWithin(1))
                .contains("interrupted before the first epoch ended, so there is nothing to save");
        assertThat(directory.resolve("run/model.backdraft")).doesNotExist();
        Files.createDirectories(directory.resolve("run"));
        shell.write("run/model.backdraft", "of an earlier run");
        assertThat(interruptWithin(1)).contains("model.backdraft is still that of the earlier run");
    }

    @Test
    void theModelIsSavedWhenTheCheckpointCannotBeWritten() throws Exception {
        Files.createDirectories(directory.resolve("run"));
        shell.write("run/checkpoints", "in the way of the directory");
        assertThat(interruptWithin(2))
                .contains("cannot write", "interrupted after epoch 1 of 3", "but no checkpoint to continue from")
                .doesNotContain("--resume");
        shell.succeed("inspect", shell.name("run/model.backdraft"));
    }

    @Test
    void aResumedTrainingThatHasEndedIsNotTrainedAgain() throws Exception {
        Path data = shell.points("points.csv", 100);
        shell.trains(data, "--epochs=2", "--checkpoint-every=1");
        shell.trains(data, "--epochs=4", "--checkpoint-every=0", "--resume");
        String hash = shell.hash("run");
        shell.trains(data, "--epochs=4", "--checkpoint-every=0", "--resume");
        assertThat(shell.hash("run")).isEqualTo(hash);
        assertThat(Files.readAllLines(directory.resolve("run/history.csv"))).hasSize(5);
    }
}
