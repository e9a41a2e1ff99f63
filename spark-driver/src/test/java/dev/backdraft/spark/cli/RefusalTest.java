package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A mistake in the arguments is answered in two lines: what is wrong and the nearest right name, and where all names
 * are.
 */
class RefusalTest {
    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trian --data a.csv        | unknown command 'trian' (did you mean 'train'?)        | --help' lists the commands",
                "fly                       | unknown command 'fly'                                  | --help' lists the commands",
                "--verison                 | unknown option '--verison' (did you mean '--version'?) | --help' lists the commands",
                "train --epoch 5           | unknown option '--epoch' (did you mean '--epochs'?)    | train --help' lists the options",
                "train --optimiser=adam    | unknown option '--optimiser' (did you mean '--optimizer'?) | train --help' lists the options",
                "train --zebra             | unknown option '--zebra'                               | train --help' lists the options",
                "evaluate --moddel m       | unknown option '--moddel' (did you mean '--model'?)    | evaluate --help' lists the options",
                "predict --kep id          | unknown option '--kep' (did you mean '--keep'?)        | predict --help' lists the options",
                "find-learning-rate --form 1 | unknown option '--form' (did you mean '--from'?)     | find-learning-rate --help' lists the options",
                "check-gradient --row 3    | unknown option '--row' (did you mean '--rows'?)        | check-gradient --help' lists the options",
                "demo --epoch 3            | unknown option '--epoch' (did you mean '--epochs'?)    | demo --help' lists the options",
                "train my.csv --out r      | unexpected argument 'my.csv': if it is the data, write --data my.csv | train --help' lists the options",
                "train --data a b --out r  | unexpected argument 'b'                                | train --help' lists the options",
            })
    void anUnknownNameIsAnsweredWithTheNearestOne(String arguments, String message, String pointer) {
        assertThat(shell.run(arguments.split(" "))).isEqualTo(2);
        assertThat(shell.err()).isEqualTo("backdraft: " + message + "\n'./backdraft " + pointer + "\n");
        assertThat(shell.out()).isEmpty();
    }

    @Test
    void otherMistakesInTheArgumentsPointToTheHelp() {
        for (List<String> arguments : List.of(
                List.of("train"), List.of("train", "--epochs", "many"), List.of("train", "--out", shell.name("run")))) {
            assertThat(shell.run(arguments.toArray(new String[0]))).isEqualTo(2);
            assertThat(shell.err().lines()).hasSize(2);
            assertThat(shell.err()).endsWith("'./backdraft train --help' lists the options\n");
        }
    }

    @Test
    void theExampleIsOfTheOptionThatIsWrong() throws IOException {
        Path data = shell.points("points.csv", 20);
        shell.refused(
                List.of("train", "--data", data.toString(), "--hidden", "16,x", "--out", shell.name("run")),
                "--hidden: '16,x' is not a list of positive whole numbers with commas, as in 64,32\n");
        shell.refused(shell.train(data, "--layers", "2,x"), "--layers: '2,x' is not a list", "as in 40,100,10\n");
    }

    @Test
    void aMissingFileIsAnsweredWithASimilarName() throws IOException {
        Path data = shell.points("iris.csv", 40);
        shell.refused(
                shell.train(shell.path("irsi.csv")), "irsi.csv: no such file or directory (did you mean 'iris.csv'?)");
        String uri = shell.path("irsi.csv").toUri().toString();
        assertThat(shell.run("train", "--data", uri, "--out", shell.name("run")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("no such file or directory (did you mean 'iris.csv'?)");
        shell.refused(shell.train(shell.path("nowhere/iris.csv")), "nowhere/iris.csv: no such file or directory\n");
        shell.refused(shell.train(data, "--config", shell.name("iris.cvs")), "(did you mean 'iris.csv'?)");
        shell.refused(
                shell.train(data, "--validation", shell.name("zebra.parquet")),
                "zebra.parquet: no such file or directory\n");
        shell.trains(data);
        assertThat(shell.run("evaluate", "--model", shell.name("runn"), "--data", data.toString()))
                .isEqualTo(2);
        assertThat(shell.err()).contains("runn: no such model file or directory (did you mean 'run'?)");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "file:"})
    void anOutputThatIsAFileIsNamedAsThat(String scheme) throws IOException {
        Path data = shell.points("iris.csv", 40);
        List<String> train = List.of("train", "--data", data.toString(), "--out", scheme + data);
        shell.refused(train, "iris.csv: is a file, but the output is a directory: choose another name\n");
    }

    @Test
    void aColumnThatDoesNotExistIsAnsweredWithThoseThatDo() throws IOException {
        Path data = shell.points("points.csv", 40);
        shell.trains(data);
        assertThat(shell.run(
                        "predict",
                        "--model",
                        shell.name("run"),
                        "--data",
                        data.toString(),
                        "--keep",
                        "knd",
                        "--out",
                        shell.name("p.csv")))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("points.csv: no column 'knd' to keep (did you mean 'kind'?): the columns are x, y, kind");
    }

    @Test
    void theNextCommandIsNamedWhereThereIsOne() throws IOException {
        Path data = shell.points("points.csv", 40);
        String run = shell.name("run");
        String more = "to train longer: ./backdraft train --resume --out " + run + " --epochs 10\n";
        shell.trains(data);
        assertThat(shell.out()).as("without a checkpoint").doesNotContain("--resume");
        assertThat(shell.run(shell.train(data).toArray(new String[0]))).isEqualTo(2);
        assertThat(shell.err()).contains("choose another, or add --overwrite").doesNotContain("--resume");
        shell.trains(data, "--overwrite", "--checkpoint-every", "5");
        assertThat(shell.out()).endsWith(more);
        assertThat(shell.run(shell.train(data).toArray(new String[0]))).isEqualTo(2);
        assertThat(shell.err())
                .contains("choose another, add --resume to continue the training in it, or add --overwrite");
        shell.succeed("train", "--resume", "--out", run, "--epochs", "10");
        assertThat(shell.out()).contains("continuing after epoch 5 of 10").endsWith("--epochs 20\n");
        for (String form : List.of("--quiet", "--json-log")) {
            shell.trains(data, "--overwrite", "--checkpoint-every", "5", form);
            assertThat(shell.out()).as(form).doesNotContain("--resume");
        }
        shell.trains(data, "--overwrite", "--checkpoint-every", "5", "--schedule", "cosine");
        assertThat(shell.out()).as("whose schedule ends here").doesNotContain("--resume");
        shell.trains(
                data,
                "--overwrite",
                "--checkpoint-every",
                "5",
                "--validation",
                "0.2",
                "--epochs",
                "500",
                "--learning-rate",
                "1",
                "--early-stopping",
                "patience=2");
        assertThat(shell.out()).contains("stopped early").doesNotContain("--resume");
    }
}
