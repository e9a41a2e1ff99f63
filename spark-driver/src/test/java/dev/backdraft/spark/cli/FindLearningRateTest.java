package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The range test as a command: what it prints and writes, and that its answer is a good one. */
class FindLearningRateTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 300);
    }

    private String[] find(String... more) {
        return Stream.concat(
                        Stream.of("find-learning-rate", "--data=" + data, "--layers=2,4,2", "--batch-size=30"),
                        Stream.of(more))
                .toArray(String[]::new);
    }

    private double suggestion() {
        Matcher matcher = Pattern.compile("suggestion: --learning-rate (\\S+)").matcher(shell.out());
        assertThat(matcher.find()).as(shell.out()).isTrue();
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void suggestsARateThatTrains() throws IOException {
        shell.succeed(find("--out=" + shell.name("curve.csv")));
        double rate = suggestion();
        assertThat(rate).isBetween(1e-4, 1.0);
        assertThat(shell.out()).contains("<- steepest", "lowest smoothed loss: ", "table: ");
        assertThat(shell.path("curve.csv")).content().startsWith("step,learning_rate,loss,smoothed_loss\n0,1.0E-7,0.");
        shell.trains(data, "--learning-rate=" + rate, "--epochs=5");
        double suggested = shell.config("run").at("/run/values/loss").doubleValue();
        shell.trains(data, "--learning-rate=" + rate / 100, "--epochs=5", "--overwrite");
        assertThat(suggested)
                .isLessThan(shell.config("run").at("/run/values/loss").doubleValue() / 2);
    }

    @Test
    @Tag("slow")
    void isTheSameOnSparkAndChangesNothingElse() throws IOException {
        shell.succeed(find("--out=" + shell.name("local.csv"), "--optimizer=sgd", "--lanes=3"));
        shell.succeed(find(
                "--out=" + shell.name("job.csv"),
                "--optimizer=sgd",
                "--lanes=3",
                "--steps=100",
                "--aggregation=job",
                "--master=local[2]"));
        assertThat(shell.path("job.csv")).hasSameTextualContentAs(shell.path("local.csv"));
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .containsExactlyInAnyOrder("points.csv", "local.csv", "job.csv");
        }
    }

    /** Equal rows stay together, so a share of four different ones may be none or all of them. */
    @Test
    void doesWithoutValidationRowsWhereThereAreNone() throws IOException {
        data = shell.write("xor.csv", "x,y,kind\n" + "0,0,a\n0,1,b\n1,0,b\n1,1,a\n".repeat(100));
        for (int seed = 1; seed <= 5; seed++) {
            shell.succeed(find("--out=" + shell.name("curve" + seed + ".csv"), "--seed=" + seed));
            assertThat(shell.out()).contains("lowest smoothed loss");
        }
    }

    @Test
    void takesTheSettingsOfARun() throws IOException {
        shell.trains(data, "--validation=0.2", "--schedule=cosine", "--epochs=1", "--early-stopping=metric=f1-macro");
        shell.succeed(
                "find-learning-rate",
                "--config=" + shell.path("run").resolve("config.json"),
                "--out=" + shell.name("curve.csv"));
        assertThat(suggestion()).isPositive();
    }

    @Test
    void saysWhenThereIsNothingToFind() {
        shell.succeed(find("--from=1e-12", "--to=1e-11", "--out=" + shell.name("curve.csv")));
        assertThat(shell.out())
                .contains("no suggestion: the loss does not clearly fall", "did not diverge up to 1.0e-11");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--from=1 --to=0.1        | learning rates must be positive and grow, but go from 1.0 to 0.1",
                "--from=0                 | learning rates must be positive",
                "--steps=5                | at least 10 steps: 5",
                "--smoothing=1            | smoothing must be at least 0 and below 1",
                "--optimizer=lbfgs        | lbfgs finds its learning rates itself",
                "--learning-rate=1        | unknown option",
                "--label=absent           | 'absent'"
            })
    void refusesWhatMakesNoSense(String options, String message) {
        List<String> arguments = List.of(find((options + " --out=" + shell.name("run")).split(" ")));
        shell.refused(arguments, message);
    }

    @Test
    void refusesToReplaceItsTableUnlessAsked() throws IOException {
        shell.write("curve.csv", "mine");
        assertThat(shell.run(find("--out=" + shell.name("curve.csv")))).isEqualTo(2);
        assertThat(shell.err()).contains("this file exists", "--overwrite");
        assertThat(shell.path("curve.csv")).hasContent("mine");
        shell.succeed(find("--out=" + shell.name("curve.csv"), "--overwrite"));
    }
}
