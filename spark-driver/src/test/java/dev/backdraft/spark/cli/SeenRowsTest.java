package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code evaluate} says when the model was trained on the rows, or on some of them. */
@Tag("slow")
class SeenRowsTest {
    private static final String ALL = "note: the model was trained on these very rows";

    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    @BeforeEach
    void setUp() throws IOException {
        shell = new Shell(directory);
        data = shell.points("points.csv", 60);
    }

    /** For one epoch: the lines do not depend on how many there are. */
    private void trains(Path data, String... more) {
        List<String> all = new ArrayList<>(List.of("--epochs=1"));
        all.addAll(List.of(more));
        shell.trains(data, all.toArray(String[]::new));
    }

    private String evaluate(Path rows, String... more) {
        List<String> arguments =
                new ArrayList<>(List.of("evaluate", "--model", shell.name("run"), "--data", rows.toString()));
        arguments.addAll(List.of(more));
        shell.succeed(arguments.toArray(new String[0]));
        return shell.out();
    }

    private Model model() throws IOException {
        return ModelFile.read(shell.path("run/model.backdraft"));
    }

    private static String some(Model model, int rows) {
        return "note: the model was trained on " + model.provenance().get("trainingRows") + " of these " + rows
                + " rows,";
    }

    @Test
    void rowsKeptBackForATestOrForValidationAreNoReasonToBeSilent() throws IOException {
        for (String route : List.of("local", "job", "resident")) {
            for (List<String> kept : List.of(
                    List.of("--test", "20%"),
                    List.of("--validation", "20%"),
                    List.of("--test", "20%", "--validation", "20%"))) {
                List<String> more = new ArrayList<>(List.of("--aggregation", route, "--overwrite"));
                more.addAll(kept);
                trains(data, more.toArray(String[]::new));
                assertThat(Integer.parseInt(model().provenance().get("trainingRows")))
                        .isLessThan(60);
                assertThat(evaluate(data))
                        .as(route + kept)
                        .contains(some(model(), 60))
                        .doesNotContain(ALL);
            }
        }
        assertThat(evaluate(data, "--master", "local[2]")).contains(some(model(), 60));
        trains(data, "--overwrite");
        assertThat(evaluate(data)).contains(ALL);
        assertThat(evaluate(shell.points("others.csv", 58))).doesNotContain("note: the model was trained on");
    }

    @Test
    void weightsDoNotHideTheRows() throws IOException {
        StringBuilder csv = new StringBuilder("x,y,w,kind\n");
        for (String line : Files.readAllLines(data).subList(1, 61)) {
            int last = line.lastIndexOf(',');
            csv.append(line, 0, last)
                    .append(",2.5")
                    .append(line.substring(last))
                    .append('\n');
        }
        Path weighted = shell.write("weighted.csv", csv.toString());
        for (String route : List.of("local", "job")) {
            trains(weighted, "--weight", "w", "--aggregation", route, "--overwrite");
            assertThat(evaluate(weighted)).contains(ALL);
            assertThat(evaluate(data)).as("the same rows without weights").contains(ALL);
            trains(weighted, "--weight", "w", "--aggregation", route, "--overwrite", "--test", "20%");
            assertThat(evaluate(weighted)).contains(some(model(), 60));
        }
    }

    @Test
    void skippedRowsAndOtherFormatsDoNotHideThem() throws IOException {
        Path dirty = shell.write("dirty.csv", Files.readString(data) + ",1,a\n");
        trains(dirty, "--invalid", "skip", "--test", "20%");
        assertThat(evaluate(dirty, "--invalid", "skip")).contains(some(model(), 60));
        try (SparkSession spark =
                SparkSession.builder().master("local[2]").appName("test").getOrCreate()) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(data.toString())
                    .write()
                    .parquet(shell.name("points.parquet"));
        }
        assertThat(evaluate(shell.path("points.parquet"))).contains(some(model(), 60));
        for (String route : List.of("local", "job")) {
            trains(shell.path("points.parquet"), "--test", "20%", "--overwrite", "--aggregation", route);
            assertThat(evaluate(data)).contains(some(model(), 60));
        }
        Path sparse = shell.write("rows.libsvm", "0 1:1 2:1\n1 2:2\n0 1:2\n1 2:1\n0 1:3\n1 2:3\n0 1:4\n1 2:4\n");
        trains(sparse, "--validation", "0.3", "--overwrite");
        assertThat(evaluate(sparse)).contains(some(model(), 8));
    }

    @Test
    void aModelOfAnEarlierVersionCanBeEvaluated() throws IOException {
        trains(data);
        assertThat(model().provenance()).as("the other fingerprint tells it").doesNotContainKey("sourceFingerprint");
        trains(data, "--test", "20%", "--overwrite");
        Model model = model();
        Map<String, String> provenance = new TreeMap<>(model.provenance());
        assertThat(provenance.remove("sourceFingerprint")).hasSize(32);
        ModelFile.write(
                new Model(model.network(), model.loss(), model.preprocessing(), model.parameters(), provenance),
                shell.path("run/model.backdraft"));
        assertThat(evaluate(data)).startsWith("rows: 60\n").doesNotContain("note: the model was trained");
    }
}
