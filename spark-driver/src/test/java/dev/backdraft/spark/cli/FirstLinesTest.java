package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first lines of a training name the features, and point out a row number among them. */
@Tag("slow")
class FirstLinesTest {
    private static final String NOTE =
            "note: column 'id' only counts the rows: if it is a row number, add --ignore id\n";

    @TempDir
    private Path directory;

    private Shell shell;
    private Path numbered;

    @BeforeEach
    void setUp() throws IOException {
        shell = new Shell(directory);
        List<String> lines = Files.readAllLines(shell.points("points.csv", 60));
        StringBuilder csv = new StringBuilder("id,").append(lines.get(0)).append('\n');
        for (int i = 1; i < lines.size(); i++) {
            csv.append(i).append(',').append(lines.get(i)).append('\n');
        }
        numbered = shell.write("numbered.csv", csv.toString());
    }

    /** For one epoch: the lines do not depend on how many there are. */
    private void trains(Path data, String... more) {
        List<String> all = new ArrayList<>(List.of("--epochs=1"));
        all.addAll(List.of(more));
        shell.trains(data, all.toArray(String[]::new));
    }

    @Test
    void featuresAreNamedWhenThereAreFew() throws IOException {
        trains(shell.path("points.csv"));
        assertThat(shell.out()).contains("2 features, 2 classes in 'kind'\nfeatures: x, y\nnetwork: ");
        trains(numbered, "--ignore", "id", "--overwrite");
        assertThat(shell.out()).contains("\nfeatures: x, y\n").doesNotContain("note: column");
        String header = "c".repeat(50) + ',' + "d".repeat(50) + ",kind\n";
        Path wide = shell.write("wide.csv", header + "1,2,a\n2,0.5,b\n".repeat(10));
        trains(wide, "--overwrite");
        assertThat(shell.out()).doesNotContain("features: c");
    }

    @Test
    void aRowNumberAmongTheFeaturesIsPointedOutOnEveryRoute() throws IOException {
        for (String route : List.of("local", "job", "resident")) {
            trains(numbered, "--layers", "3,2", "--aggregation", route, "--overwrite");
            assertThat(shell.out()).contains("\nfeatures: id, x, y\n", NOTE);
        }
        trains(numbered, "--layers", "3,2", "--overwrite", "--test", "20%");
        assertThat(shell.out()).contains(NOTE);
        trains(numbered, "--layers", "3,2", "--overwrite", "--features", "id,x,y");
        assertThat(shell.out()).as("chosen by the user").doesNotContain("note: column");
        trains(numbered, "--layers", "2,2", "--overwrite", "--ignore", "x");
        assertThat(shell.out()).contains("if it is a row number, use --ignore x,id\n");
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(numbered.toString())
                    .write()
                    .parquet(shell.name("numbered.parquet"));
        }
        for (String route : List.of("local", "job")) {
            trains(shell.path("numbered.parquet"), "--layers", "3,2", "--overwrite", "--aggregation", route);
            assertThat(shell.out()).contains("\nfeatures: id, x, y\n", NOTE);
        }
    }

    @Test
    void oneClassIsRefusedWithWhatIsInTheData() throws IOException {
        Path one = shell.write("one.csv", "x,y,kind\n1,2,a\n2,1,a\n");
        Path zeros = shell.write("zeros.csv", "x,y,kind\n1,2,0\n2,1,0\n");
        Path sparse = shell.write("ones.libsvm", "1 1:1\n1 2:1\n");
        String text =
                "all rows have the same label, 'a' in " + one + " line 2, so there is nothing to classify: check that"
                        + " the label column is the right one, and that there are rows of at least two classes\n"
                        + "if another column is the label, name it with --label COLUMN\n";
        for (String command : List.of("train", "find-learning-rate", "check-gradient")) {
            for (List<String> network : List.of(
                    List.<String>of(),
                    List.of("--layers", "2,2"),
                    List.of("--layers", "2,1"),
                    List.of("--loss", "softmax-cross-entropy"))) {
                refused(command, one, "local", network, text);
            }
            for (List<String> network : List.of(List.<String>of(), List.of("--loss", "softmax-cross-entropy"))) {
                refused(command, zeros, "local", network, "all labels are 0, so there is nothing to classify");
                refused(command, sparse, "local", network, "all labels are 1, so there is nothing to classify");
            }
            // whatever the network is, core refuses on every route; these start Spark
            refused(command, one, "job", List.of(), text);
            refused(command, one, "job", List.of("--layers", "2,1"), text);
            refused(command, zeros, "job", List.of(), "all labels are 0, so there is nothing to classify");
            refused(command, sparse, "job", List.of(), "all labels are 1, so there is nothing to classify");
        }
    }

    @Test
    void aLabelThatWasGivenIsNotAskedFor() throws IOException {
        Path one = shell.write("one.csv", "kind,x,y\na,1,2\na,2,1\n");
        shell.refused(shell.train(one, "--label=kind"), "\nthe label column is set with --label kind\n");
        assertThat(shell.err()).doesNotContain("--label COLUMN");
    }

    private void refused(String command, Path data, String route, List<String> more, String message) {
        List<String> arguments = new ArrayList<>(List.of(command, "--data", data.toString(), "--aggregation", route));
        arguments.addAll(more);
        if (!command.equals("check-gradient")) {
            arguments.addAll(List.of("--out", shell.name("run")));
        }
        shell.refused(arguments, message);
        assertThat(shell.err()).doesNotContain("1 classes", "--layers");
    }
}
