package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The gradient check as a user runs it. */
class CheckGradientTest {
    @TempDir
    private Path folder;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path rows() throws IOException {
        StringBuilder csv = new StringBuilder("a,b,label\n");
        for (int i = 0; i < 60; i++) {
            csv.append(Math.sin(i))
                    .append(',')
                    .append(Math.cos(3 * i))
                    .append(',')
                    .append(i % 3)
                    .append('\n');
        }
        return Files.writeString(folder.resolve("rows.csv"), csv);
    }

    @Test
    void theGradientOfANetworkWithDropoutIsRightOnSparkToo() throws IOException {
        int code = run(
                "check-gradient",
                "--data",
                rows().toString(),
                "--layers",
                "2,5,3",
                "--activation",
                "tanh",
                "--dropout",
                "0.3",
                "--aggregation",
                "job",
                "--master",
                "local[2]");
        assertThat(err.toString()).isEmpty();
        assertThat(code).isZero();
        assertThat(out.toString())
                .contains("layer 0 weight[", "a Spark job computes the same bits", "the gradient is correct");
    }

    @Test
    void anErrorAboveTheToleranceHasAnExitCodeOfItsOwn() throws IOException {
        assertThat(run("check-gradient", "--data", rows().toString(), "--layers", "2,5,3", "--tolerance", "0"))
                .isEqualTo(4);
        assertThat(out.toString()).contains("the gradient is NOT correct");
    }

    @Test
    void aNetworkThatIsTooLargeIsRefused() throws IOException {
        assertThat(run("check-gradient", "--data", rows().toString(), "--layers", "2,70000,3"))
                .isEqualTo(2);
        assertThat(err.toString()).contains("420,003 parameters take four passes each");
    }
}
