package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers that explode, on the command line, and a resume with other settings. */
class DivergenceTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        StringBuilder csv = new StringBuilder("x,y,target\n");
        for (int i = 0; i < 40; i++) {
            csv.append(i % 7 - 3)
                    .append(',')
                    .append(i % 5)
                    .append(',')
                    .append(i % 7 + 0.5)
                    .append('\n');
        }
        data = shell.write("line.csv", csv.toString());
    }

    private int train(String... more) {
        List<String> options = new ArrayList<>(List.of(
                "--layers=2,1", "--loss=squared-error", "--optimizer=sgd", "--label=target", "--validation=none"));
        options.addAll(List.of(more));
        return shell.run(shell.train(data, options.toArray(new String[0])).toArray(new String[0]));
    }

    @ParameterizedTest
    @ValueSource(strings = {"local", "job", "resident"})
    void aHugeLearningRateStopsAndTheLastGoodWeightsAreSaved(String aggregation) throws IOException {
        assertThat(train("--learning-rate=1e6", "--master=local[2]", "--aggregation=" + aggregation))
                .as(shell.err())
                .isEqualTo(3);
        assertThat(shell.err())
                .contains(
                        "training diverged: ",
                        "at learning rate 1000000.0; ",
                        "layers.0.",
                        "saved the weights of epoch 1 in ",
                        "continue with a smaller learning rate: ./backdraft train --resume --out ",
                        "--change learningRate=100000.0")
                .doesNotContain("\tat ");
        assertThat(shell.config("run").at("/run/ended").asText()).isEqualTo("it diverged");
        assertThat(shell.config("run").at("/run/weightsSha256").asText()).isEqualTo(shell.hash("run"));
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"), "--change=learningRate=1e-30"))
                .as(shell.err())
                .isZero();
        assertThat(shell.config("run").at("/run/changes").asText())
                .isEqualTo("after epoch 1: learningRate 1000000.0 to 1.0E-30");
    }

    @Test
    void beforeTheFirstEpochEndsThereIsNothingToSave() {
        assertThat(train("--learning-rate=1e30")).isEqualTo(3);
        assertThat(shell.err()).contains("no epoch had ended, so there is nothing to save");
        assertThat(directory.resolve("run/model.backdraft")).doesNotExist();
    }

    @Test
    void aRollbackIsSaidAndCounted() throws IOException {
        assertThat(train("--learning-rate=2", "--on-divergence=rollback", "--epochs=60"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("went back to the end of epoch ", "of the learning rate; training diverged: ");
        assertThat(shell.config("run").at("/run/rollbacks").asInt()).isPositive();
        assertThat(shell.config("run").path("onDivergence").asText()).isEqualTo("rollback");
    }

    @Test
    void aSkippedUpdateIsSaidAndCounted() throws IOException {
        Files.writeString(data, Files.readString(data) + "1e25,1,1e20\n");
        assertThat(train("--learning-rate=0.01", "--on-divergence=skip"))
                .as(shell.err())
                .isZero();
        assertThat(shell.out()).contains("5 updates were skipped");
        assertThat(shell.config("run").at("/run/skippedUpdates").asInt()).isEqualTo(5);
    }

    /** The loss stays finite, but the model is of no use. */
    @Test
    void aModelThatIsWorseThanAConstantIsSavedWithAWarning() throws IOException {
        StringBuilder csv = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < 60; i++) {
            csv.append(i % 7)
                    .append(',')
                    .append(i % 5)
                    .append(',')
                    .append(i * 7919 % 13 < 6 ? "a" : "b")
                    .append('\n');
        }
        Path noise = shell.write("noise.csv", csv.toString());
        String[] huge =
                shell.train(noise, "--learning-rate=1e6", "--validation=none").toArray(new String[0]);
        assertThat(shell.run(huge)).isEqualTo(3); // Adam's steps are finite at any rate
        assertThat(shell.err()).contains("more than 100 times that of a constant answer; the model is saved");
        assertThat(shell.config("run").at("/run/weightsSha256").asText()).isEqualTo(shell.hash("run"));
        shell.trains(noise, "--learning-rate=0.5", "--overwrite", "--validation=none");
        assertThat(shell.out())
                .contains(
                        "warning: the model is worse than one that always gives the same answer: its training loss is ",
                        "giving all classes the same probability has a loss of 0.6931");
        shell.trains(noise, "--learning-rate=0.01", "--overwrite", "--validation=none", "--epochs=30");
        assertThat(shell.out()).doesNotContain("warning: ");
    }

    @Test
    void aResumeMayChangeSettingsOnPurpose() throws IOException {
        assertThat(train("--checkpoint-every=1", "--learning-rate=0.01"))
                .as(shell.err())
                .isZero();
        String resume = shell.name("run");
        assertThat(shell.run("train", "--resume", "--out", resume, "--learning-rate=0.001"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("learningRate 0.01 instead of 0.001", "--change KEY=VALUE");
        assertThat(shell.run("train", "--resume", "--out", resume, "--change=learningRate=0.001", "--change=epochs=9"))
                .as(shell.err())
                .isZero();
        String changes = "after epoch 5: epochs 5 to 9, learningRate 0.01 to 0.001";
        assertThat(shell.config("run").at("/run/changes").asText()).isEqualTo(changes);
        shell.succeed("inspect", shell.name("run/model.backdraft"));
        assertThat(shell.out()).contains("changes: " + changes);
        assertThat(shell.run("train", "--resume", "--out", resume, "--change=epochs=11"))
                .as(shell.err())
                .isZero();
        assertThat(shell.config("run").at("/run/changes").asText())
                .isEqualTo(changes + "; after epoch 9: epochs 9 to 11");
    }

    @Test
    void otherSettingsMayNotChange() {
        assertThat(train("--checkpoint-every=1", "--learning-rate=0.01"))
                .as(shell.err())
                .isZero();
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"), "--change=seed=3"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("epochs, learningRate, schedule, scheduleUnit, batchGrowth, onDivergence");
        assertThat(train("--change=epochs=3", "--overwrite")).isEqualTo(2);
        assertThat(shell.err()).contains("--change is for --resume");
    }
}
