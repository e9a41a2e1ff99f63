package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs that were interrupted, and go on. */
class ResumeTest {
    private static final int STEPS_PER_EPOCH = 11; // of 101 rows in batches of 10

    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 101);
    }

    private String[] train(String run, String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--out=" + run,
                "--validation=" + data,
                "--schedule=interruptible-decay",
                "--average=ema:decay=0.9",
                "--metrics=f1-macro"));
        options.addAll(List.of(more));
        return shell.train(data, options.toArray(new String[0])).toArray(new String[0]);
    }

    /** The lines of a history without the columns of time. */
    private List<String> history(String run) throws IOException {
        List<String> lines = new ArrayList<>();
        for (String line : Files.readAllLines(shell.path(run).resolve("history.csv"))) {
            lines.add(line.replaceFirst("(,[^,]*){9}$", ""));
        }
        return lines;
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job"})
    void aRunThatWasInterruptedGoesOnToTheSameBits(String aggregation) throws IOException {
        shell.succeed(train(shell.name("whole")));
        InterruptibleDecay.crashAt(3 * STEPS_PER_EPOCH + 4); // in epoch 4
        assertThat(shell.run(train(shell.name("run"), "--checkpoint-every=2"))).isEqualTo(1);
        assertThat(history("run")).hasSize(4); // the third line is of after the checkpoint
        assertThat(shell.path("run").resolve("model.backdraft")).doesNotExist();

        shell.succeed(
                "train", "--resume", "--out", shell.name("run"), "--aggregation", aggregation, "--master", "local[2]");
        assertThat(shell.out())
                .contains("continuing after epoch 2 of 5", "epoch 3/5")
                .doesNotContain("epoch 2/5");
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
        assertThat(history("run")).isEqualTo(history("whole")).hasSize(6);
        assertThat(shell.config("run").path("run").path("values"))
                .isEqualTo(shell.config("whole").path("run").path("values"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job"})
    void aRunThatWasInterruptedInAnEpochGoesOnInIt(String aggregation) throws IOException {
        shell.succeed(train(shell.name("whole")));
        InterruptibleDecay.crashAt(3 * STEPS_PER_EPOCH + 8);
        assertThat(shell.run(train(shell.name("run"), "--checkpoint-every", "37 steps", "--keep-checkpoints=1")))
                .isEqualTo(1);
        assertThat(shell.path("run").resolve("checkpoints").toFile().list()).containsExactly("step-37.backdraft");

        shell.succeed(
                "train", "--resume", "--out", shell.name("run"), "--aggregation", aggregation, "--master", "local[2]");
        assertThat(shell.out()).contains("continuing in epoch 4 of 5, after step 37", "epoch 4/5");
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
        assertThat(history("run")).isEqualTo(history("whole")).hasSize(6);
        assertThat(shell.config("run").path("checkpointEvery").textValue()).isEqualTo("37 steps");
    }

    /** All rows take more steps than the training rows, so the update of the crash is one of the second training. */
    @Test
    void aRunThatWasInterruptedInItsSecondTrainingGoesOnThere() throws IOException {
        String[] refit = {
            "--schedule=interruptible-decay",
            "--validation=20%",
            "--early-stopping=patience=10,refit=true",
            "--checkpoint-every=1"
        };
        shell.trains(data, with("whole", refit));
        InterruptibleDecay.crashAt(5 * STEPS_PER_EPOCH - 3);
        assertThat(shell.run(shell.train(data, refit).toArray(new String[0]))).isEqualTo(1);
        assertThat(shell.path("run").resolve("checkpoints/refit-step-44.backdraft"))
                .isRegularFile();

        InterruptibleDecay.crashAt(30); // in the third epoch, which is done
        shell.succeed("train", "--resume", "--out", shell.name("run"));
        InterruptibleDecay.crashAt(Long.MAX_VALUE);
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
    }

    private String[] with(String run, String... options) {
        List<String> all = new ArrayList<>(List.of(options));
        all.add("--out=" + shell.name(run));
        return all.toArray(new String[0]);
    }

    @Test
    void aDamagedCheckpointIsPassedOver() throws IOException {
        shell.succeed(train(shell.name("whole")));
        InterruptibleDecay.crashAt(3 * STEPS_PER_EPOCH + 4);
        assertThat(shell.run(train(shell.name("run"), "--checkpoint-every=1"))).isEqualTo(1);
        Files.write(shell.path("run").resolve("checkpoints/step-33.backdraft"), new byte[] {1, 2, 3});
        shell.succeed("train", "--resume", "--out", shell.name("run"));
        assertThat(shell.err()).contains("step-33.backdraft", "looking for an earlier checkpoint");
        assertThat(shell.out()).contains("continuing after epoch 2 of 5");
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
    }

    @Test
    void moreEpochsMayFollow() throws IOException {
        shell.succeed(train(shell.name("whole"), "--epochs=8", "--overwrite"));
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        shell.succeed("train", "--resume", "--out", shell.name("run"), "--epochs=8");
        assertThat(shell.out()).contains("continuing after epoch 5 of 8");
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
        assertThat(history("run")).isEqualTo(history("whole")).hasSize(9);
        assertThat(shell.config("run").path("epochs").intValue()).isEqualTo(8);
    }

    @Test
    void goesOnWhereverHadoopWrites() throws IOException {
        shell.succeed(train(shell.name("whole")));
        String run = shell.path("run").toUri().toString();
        InterruptibleDecay.crashAt(3 * STEPS_PER_EPOCH + 4);
        assertThat(shell.run(train(run, "--checkpoint-every=1"))).isEqualTo(1);
        shell.succeed("train", "--resume", "--out", run);
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
        assertThat(history("run")).isEqualTo(history("whole"));
        assertThat(files("run")).noneMatch(name -> name.endsWith(".tmp"));
    }

    @Test
    void aRunThatIsDoneGivesItsModelAgain() throws IOException {
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        String hash = shell.hash("run");
        List<String> history = history("run");
        Files.delete(shell.path("run").resolve("model.backdraft"));
        shell.succeed("train", "--resume", "--out", shell.name("run"));
        assertThat(shell.out()).contains("nothing to do after epoch 5 of 5: all epochs are done");
        assertThat(shell.hash("run")).isEqualTo(hash);
        assertThat(history("run")).isEqualTo(history);
    }

    @Test
    void aRunThatStoppedEarlyStaysStopped() throws IOException {
        shell.succeed(train(
                shell.name("run"), "--checkpoint-every=100", "--early-stopping=patience=1,minChange=10", "--epochs=9"));
        assertThat(shell.out())
                .contains(
                        "epoch 2/9",
                        "stopped early after epoch 2: no better validation loss for 1 epoch",
                        "the model has the weights of epoch 1 (validation loss ")
                .doesNotContain("epoch 3/9");
        assertRecordIsOfTheFirstEpoch();
        String hash = shell.hash("run");
        shell.succeed("train", "--resume", "--out", shell.name("run"), "--epochs=20");
        assertThat(shell.out()).contains("nothing to do after epoch 2 of 20: the training had ended early");
        assertThat(shell.hash("run")).isEqualTo(hash);
        assertRecordIsOfTheFirstEpoch();
        shell.succeed(
                "train", "--config", shell.path("run").resolve("config.json").toString(), "--out", shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(hash);
    }

    private void assertRecordIsOfTheFirstEpoch() throws IOException {
        JsonNode run = shell.config("run").path("run");
        assertThat(run.path("epochs").intValue()).isEqualTo(2);
        assertThat(run.path("weightsOfEpoch").intValue()).isEqualTo(1);
        assertThat(run.path("ended").textValue()).isEqualTo("no better validation loss for 1 epoch");
        String first = history("run").get(1); // epoch, loss, accuracy, validation loss …
        assertThat(run.path("values").path("loss").doubleValue())
                .isEqualTo(Double.parseDouble(first.split(",", -1)[3]));
    }

    @Test
    void moreEpochsAreRefusedWhereTheScheduleLooksAtTheirNumber() throws IOException {
        shell.succeed(shell.train(data, "--out=" + shell.name("run"), "--checkpoint-every=1", "--schedule=cosine")
                .toArray(new String[0]));
        List<String> before = contents("run");
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"), "--epochs=8"))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("cosine", "was 5 and is now 8", "continue with 5 epochs")
                .doesNotContain("\tat ");
        assertThat(contents("run")).isEqualTo(before);
    }

    @Test
    void aNewRunDeletesTheCheckpointOfTheOldOne() throws IOException {
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        assertThat(files("run")).contains("checkpoints/step-33.backdraft", "checkpoints/step-55.backdraft");
        shell.succeed(train(shell.name("run"), "--overwrite"));
        assertThat(files("run")).noneMatch(name -> name.startsWith("checkpoints"));
    }

    @Test
    void refusesToGoOnWithoutACheckpoint() throws IOException {
        shell.refused(List.of("train", "--resume", "--out", shell.name("run")), "no checkpoint", "--checkpoint-every");
        shell.succeed(train(shell.name("without")));
        assertThat(shell.run("train", "--resume", "--out", shell.name("without")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("no checkpoint to resume from").doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "--learning-rate=0.06",
                "--optimizer=sgd",
                "--layers=2,5,2",
                "--loss=softmax-cross-entropy:labelSmoothing=0.1",
                "--standardize",
                "--seed=1",
                "--validation=0.5",
                "--class-weights=1,2",
                "--epochs=4",
                "--overwrite"
            })
    void refusesToGoOnDifferently(String option) throws IOException {
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        List<String> before = contents("run");
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"), option))
                .as(shell.err())
                .isEqualTo(2);
        String name = option.substring(2).replaceFirst("[=:].*", "");
        assertThat(shell.err())
                .as(option)
                .containsIgnoringCase(
                        switch (name) {
                            case "learning-rate" -> "learningRate 0.05 instead of 0.06";
                            case "class-weights" -> "classWeights [] instead of [1.0,2.0]";
                            case "layers" -> "network";
                            case "standardize", "validation" -> "its training rows are different";
                            default -> name;
                        })
                .doesNotContain("\tat ");
        assertThat(contents("run")).isEqualTo(before);
    }

    @Test
    void refusesToGoOnWithOtherRows() throws IOException {
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        Files.writeString(data, Files.readString(data) + "1,1,b\n", StandardCharsets.UTF_8);
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"))).isEqualTo(2);
        assertThat(shell.err()).contains("its training rows are different");
    }

    @Test
    void refusesToGoOnWithOtherValidationRows() throws IOException {
        shell.succeed(train(shell.name("run"), "--checkpoint-every=3"));
        Path other = shell.points("other.csv", 33);
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"), "--validation=" + other))
                .isEqualTo(2);
        assertThat(shell.err()).contains("--resume: validation was ", "points.csv", "but is ", "other.csv");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3}) // epoch of the crash: before the first checkpoint, after it
    void theSameCommandStartsAndRestarts(int epoch) throws IOException {
        shell.succeed(train(shell.name("whole")));
        String[] command = train(shell.name("run"), "--checkpoint-every=2", "--resume-or-start");
        InterruptibleDecay.crashAt((epoch - 1) * STEPS_PER_EPOCH + 4);
        assertThat(shell.run(command)).as(shell.err()).isEqualTo(1);
        shell.succeed(command);
        if (epoch == 3) {
            assertThat(shell.out()).contains("continuing after epoch 2 of 5").doesNotContain("epoch 2/5");
        } else {
            assertThat(shell.out()).contains("epoch 1/5");
        }
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
        assertThat(history("run")).isEqualTo(history("whole"));
        shell.succeed(command);
        assertThat(shell.out()).contains("nothing to do after epoch 5 of 5");
    }

    @Test
    void refusesToStartOverAModelThatCannotBeResumed() throws IOException {
        shell.succeed(train(shell.name("run")));
        List<String> before = contents("run");
        assertThat(shell.run(train(shell.name("run"), "--checkpoint-every=2", "--resume-or-start")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("model but no checkpoint", "--out").doesNotContain("\tat ");
        assertThat(contents("run")).isEqualTo(before);
    }

    @Test
    void refusesToRestartWithoutCheckpointsOrWithAnotherWish() {
        shell.refused(shell.train(data, "--resume-or-start"), "--resume-or-start", "--checkpoint-every 1");
        shell.refused(shell.train(data, "--resume-or-start", "--resume"), "remove --resume");
        shell.refused(shell.train(data, "--resume-or-start", "--overwrite"), "remove --overwrite");
    }

    private List<String> files(String run) throws IOException {
        Path top = shell.path(run);
        try (Stream<Path> files = Files.walk(top)) {
            return files.filter(Files::isRegularFile)
                    .map(path -> top.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    /** Names and hashes of the contents of all files of a run. */
    private List<String> contents(String run) throws IOException {
        List<String> contents = new ArrayList<>();
        for (String name : files(run)) {
            byte[] bytes = Files.readAllBytes(shell.path(run).resolve(name));
            contents.add(name + " " + Arrays.hashCode(bytes));
        }
        return contents;
    }
}
