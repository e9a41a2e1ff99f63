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
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that the command line chooses from the data, and rows for validation and test. */
class ChosenSettingsTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void open() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 60);
    }

    @Test
    void onlyTheDataIsNeeded() throws IOException {
        shell.succeed("train", "--data=" + data, "--out=" + shell.name("run"), "--epochs=2");
        assertThat(shell.out().lines().limit(10))
                .containsExactly(
                        "data: 60 training rows, 2 features, 2 classes in 'kind'",
                        "features: x, y",
                        "network: 2-64-32-1, 2,305 parameters, loss sigmoid-cross-entropy",
                        "chosen from the data, because you did not set them:",
                        "  hidden layers  64, 32  enough for most tables, and fast",
                        "  standardize    yes     features of different size learn alike",
                        "  validation     none    fewer than 1,000 rows: all are trained on",
                        "  batch size     16      the smallest that is chosen: the rows are few",
                        "  learning rate  0.003   no layer is wider than 256",
                        "  L2 penalty     1.5     60 rows / 40; is then divided by the rows");
        assertThat(shell.config("run").path("validation").isNull()).isTrue();
        String hash = shell.hash("run");
        shell.succeed("train", "--config=" + shell.path("run").resolve("config.json"), "--out=" + shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(hash);
        assertThat(shell.out()).doesNotContain("chosen from the data");
    }

    @ParameterizedTest
    @ValueSource(strings = {"job", "resident"})
    void everyRouteChoosesTheSame(String aggregation) throws IOException {
        String[] same = {"--data=" + data, "--epochs=2", "--test=20%", "--class-weights=balanced", "--master=local[2]"};
        for (String route : List.of("local", aggregation)) {
            List<String> arguments = new ArrayList<>(List.of("train"));
            arguments.addAll(List.of(same));
            arguments.add("--aggregation=" + route);
            arguments.add("--out=" + shell.name(route));
            shell.succeed(arguments.toArray(new String[0]));
        }
        assertThat(shell.hash(aggregation)).isEqualTo(shell.hash("local"));
        assertThat(shell.config(aggregation).at("/run/test"))
                .isEqualTo(shell.config("local").at("/run/test"));
    }

    @Test
    void hiddenGivesTheHiddenLayersAlone() throws IOException {
        String[] rest = {"--data=" + data, "--epochs=1", "--activation=tanh"};
        shell.succeed("train", "--hidden=5", rest[0], rest[1], rest[2], "--out=" + shell.name("good"));
        assertThat(shell.out()).contains("network: 2-5-1, ").doesNotContain("  hidden layers");
        assertThat(shell.config("good").at("/network/layers/1/function").toString())
                .contains("tanh");
        shell.succeed("train", "--hidden=none", rest[0], rest[1], "--out=" + shell.name("linear"));
        assertThat(shell.out()).contains("network: 2-1, 3 parameters");
        shell.refused(
                List.of("train", rest[0], "--out=" + shell.name("x"), "--hidden=5", "--layers=2,5,2"),
                "--hidden and --layers both describe the hidden layers");
        shell.refused(
                List.of("train", rest[0], "--out=" + shell.name("x"), "--hidden=0"),
                "--hidden: '0' is not a list of positive whole numbers");
    }

    @ParameterizedTest
    @CsvSource({"20%, 0.2", "20 %, 0.2", "0.25, 0.25", "12.5%, 0.125"})
    void aShareMayBeAPercentage(String text, double share) throws IOException {
        shell.trains(data, "--validation=" + text, "--test=" + text, "--epochs=1");
        assertThat(shell.config("run").path("validation").asDouble()).isEqualTo(share);
        assertThat(shell.config("run").path("test").asDouble()).isEqualTo(share);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "1", "100%", "20", "-0.1", "0%"})
    void otherSharesAreRefused(String share) {
        shell.refused(shell.train(data, "--validation=" + share), "--validation: '" + share + "' is not a share");
        shell.refused(shell.train(data, "--test=" + share), "--test: '" + share + "' is not a share");
    }

    @Test
    void theTestRowsAreNeverTrainedOn() throws IOException {
        shell.trains(data, "--test=0.3");
        String hash = shell.hash("run");
        int test = shell.config("run").at("/run/test/rows").asInt();
        int training = shell.config("run").at("/run/trainingRows").asInt();
        assertThat(test).isBetween(10, 26);
        assertThat(test + training).isEqualTo(60);
        assertThat(shell.out())
                .contains(
                        "on test rows, which the training never saw:",
                        "rows: " + test,
                        "accuracy: ",
                        "confusion matrix");
        assertThat(shell.config("run").at("/run/test/accuracy").asDouble()).isGreaterThan(0.5);

        shell.trains(data, "--test=0.3", "--out=" + shell.name("other"), "--validation=0.2");
        assertThat(shell.config("other").at("/run/test/rows").asInt()).isEqualTo(test);

        Path whole = shell.points("whole.csv", 60);
        shell.trains(data, "--test=" + whole, "--out=" + shell.name("file"));
        assertThat(shell.config("file").at("/run/test/rows").asInt()).isEqualTo(60);
        assertThat(shell.hash("file")).isNotEqualTo(hash);
        shell.trains(data, "--out=" + shell.name("none"));
        assertThat(shell.hash("file")).isEqualTo(shell.hash("none"));
    }

    @Test
    void badTestRowsAreFoundBeforeTheTraining() throws IOException {
        Path bad = shell.write("bad.csv", "x,y,kind\n1,2,a\n1,2,other\n");
        shell.refused(shell.train(data, "--test=" + bad), "bad.csv line 3", "'other'");
        Path empty = shell.write("empty.csv", "x,y,kind\n");
        shell.refused(shell.train(data, "--test=" + empty), "there are no test rows");
        Path narrow = shell.write("narrow.csv", "x,kind\n1,a\n");
        shell.refused(shell.train(data, "--test=" + narrow), "narrow.csv", "missing: y");
        shell.refused(shell.train(data, "--test=0.00001"), "there are no test rows");
        shell.refused(shell.train(data, "--test-labels=x"), "--test-labels goes with a file of --test");
    }

    @Test
    void theTestIsAnEventOfTheJsonLog() throws IOException {
        shell.trains(data, "--test=0.3", "--json-log");
        assertThat(shell.out().lines()).anyMatch(line -> line.startsWith("{\"event\":\"test\",\"rows\":"));
        assertThat(shell.out().lines()).allMatch(line -> line.startsWith("{"));
    }

    @Test
    void balancedClassesCountTheSame() throws IOException {
        StringBuilder rows = new StringBuilder(Files.readString(data));
        Files.readAllLines(data).stream().filter(line -> line.endsWith("a")).forEach(line -> rows.append(line)
                .append('\n'));
        Path uneven = shell.write("uneven.csv", rows.toString()); // 60 a, 30 b
        shell.refused(
                shell.train(uneven, "--class-weights=heavy", "--out=" + shell.name("x")),
                "neither numbers with commas");
        Path numbers = shell.write("numbers.csv", "x,y,z\n" + "1,2,0.5\n2,3,1.5\n3,4,2.25\n".repeat(5));
        shell.refused(
                shell.train(numbers, "--layers=2,1", "--class-weights=balanced", "--out=" + shell.name("x")),
                "balanced class weights need a label that is one of several classes");
        shell.trains(uneven, "--class-weights=balanced");
        assertThat(shell.config("run").path("classWeights").toString()).isEqualTo("[0.75,1.5]");
        String hash = shell.hash("run");
        shell.trains(uneven, "--class-weights=0.75,1.5", "--out=" + shell.name("given"));
        assertThat(shell.hash("given")).isEqualTo(hash);
        Path json = shell.write("config.json", "{\"classWeights\": \"balanced\"}");
        shell.trains(uneven, "--config=" + json, "--out=" + shell.name("file"));
        assertThat(shell.hash("file")).isEqualTo(hash);
    }

    @Test
    void threadsAreALocalMaster() throws IOException {
        shell.refused(shell.train(data, "--threads=0", "--out=" + shell.name("x")), "--threads must be at least 1: 0");
        shell.refused(
                shell.train(data, "--threads=2", "--master=local[2]", "--out=" + shell.name("x")),
                "leave out --threads or --master");
        Path cluster = shell.write("cluster.json", "{\"master\": \"spark://host:7077\"}");
        shell.refused(
                shell.train(data, "--threads=2", "--config=" + cluster, "--out=" + shell.name("x")),
                "the master is spark://host:7077");
        shell.trains(data, "--threads=1");
        assertThat(shell.config("run").path("master").asText()).isEqualTo("local[1]");
    }
}
