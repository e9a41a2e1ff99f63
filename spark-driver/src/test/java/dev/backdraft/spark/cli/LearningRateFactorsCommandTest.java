package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Factors of layers on the command line, which are looked at when the network is known. */
class LearningRateFactorsCommandTest {
    @TempDir
    private Path directory;

    private String[] train(Shell shell, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                shell.points("points.csv", 60).toString(),
                "--out",
                shell.name("run"),
                "--epochs=2",
                "--overwrite"));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    @Test
    void factorsAreForTheLayersOfTheNetworkThatIsChosen() throws IOException {
        Shell shell = new Shell(directory);
        shell.succeed(train(shell));
        String plain = shell.hash("run");
        shell.succeed(train(shell, "--learning-rate-factors=0=0.1,bias=0.5"));
        assertThat(shell.hash("run")).isNotEqualTo(plain);
        shell.succeed(train(shell, "--learning-rate-factors=0-9=1"));
        assertThat(shell.hash("run")).isEqualTo(plain);
    }

    @Test
    void layersWithoutWeightsAreRefused() throws IOException {
        Shell shell = new Shell(directory);
        assertThat(shell.run(train(shell, "--learning-rate-factors=1=0"))).isEqualTo(2);
        assertThat(shell.err()).contains("learningRateFactors names 1, but only these layers have weights: 0, 2, 4");
        assertThat(shell.run(train(shell, "--learning-rate-factors=slow"))).isEqualTo(2);
        assertThat(shell.err()).contains("must have parts such as 0=0, 0-2=0.1 or bias=0.5");
    }
}
