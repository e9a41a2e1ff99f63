package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.backdraft.json.JsonText;
import dev.backdraft.train.EpochResult;
import dev.backdraft.train.StepTimes;
import dev.backdraft.train.plan.StepPlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user sees while a training runs, in each form. */
class ProgressTest {
    @TempDir
    private Path directory;

    private static EpochResult result() {
        return new EpochResult(2, 5, 0.25, 0.5, 1.5, 0.75, 0.1, new TreeMap<>(), 1000, 2, null);
    }

    private static String shown(EpochDisplay display, StringWriter out) {
        display.note("a note");
        display.epoch(result(), "0:09");
        return out.toString();
    }

    @Test
    void aLogGetsALineForEachEpoch() {
        StringWriter out = new StringWriter();
        assertThat(shown(new LineDisplay(new PrintWriter(out, true), false), out))
                .isEqualTo(
                        """
                        a note
                        epoch 2/5 | loss 0.2500 | accuracy 0.5000 | validation loss 1.5000 | validation accuracy 0.7500 \
                        | 500 rows/s | 0:09 left
                        """);
    }

    @Test
    void aTerminalGetsATableWithOneHeader() {
        StringWriter out = new StringWriter();
        TableDisplay table = new TableDisplay(new PrintWriter(out, true), 80, false);
        table.epoch(result(), "0:09");
        table.epoch(result(), "0:00");
        List<String> lines = out.toString().lines().toList();
        assertThat(lines).hasSize(3);
        assertThat(lines.get(0)).contains("epoch", "validation accuracy").startsWith("\033[1m");
        assertThat(lines.get(1)).contains("2/5").hasSize(lines.get(2).length());
    }

    @Test
    void aLongTableRepeatsItsHeader() {
        StringWriter out = new StringWriter();
        TableDisplay table = new TableDisplay(new PrintWriter(out, true), 80, false);
        for (int i = 0; i < 100; i++) {
            table.epoch(result(), "0:09");
        }
        assertThat(out.toString().lines().filter(line -> line.contains("validation accuracy")))
                .hasSize(3);
    }

    @Test
    void verboseKeepsTheTableAndAddsALineUnderEachEpoch() {
        StringWriter out = new StringWriter();
        StepTimes times = new StepTimes(10, 1_420_000_000, 120_000_000, 160_000_000, 120_000_000, 0, 0);
        TableDisplay table = new TableDisplay(new PrintWriter(out, true), 80, true);
        table.epoch(new EpochResult(2, 5, 0.25, 0.5, 1.5, 0.75, 0.1, new TreeMap<>(), 1000, 2, times), "0:09");
        table.epoch(result(), "0:09");
        assertThat(out.toString().lines().toList())
                .hasSize(4)
                .element(2)
                .isEqualTo("  compute 71 % combine 6 % publish 8 % update 9 % wait 6 %");
    }

    /** An epoch that fails leaves no bar on the line of the error. */
    @Test
    void theBarIsRemovedWhenATrainingEnds() throws InterruptedException {
        StringWriter out = new StringWriter();
        TableDisplay table = new TableDisplay(new PrintWriter(out, true), 80, false);
        Thread.sleep(1100); // a bar appears in an epoch that takes more than a second
        table.step(1, 0.5);
        assertThat(out.toString()).contains("[####################....................]  50 %");
        table.clear();
        assertThat(out.toString()).endsWith("\r\033[K");
    }

    @Test
    void aProgramGetsJson() {
        StringWriter out = new StringWriter();
        List<String> lines =
                shown(new JsonDisplay(new PrintWriter(out, true)), out).lines().toList();
        assertThat(JsonText.read(lines.get(0)).path("text").textValue()).isEqualTo("a note");
        ObjectNode epoch = JsonText.read(lines.get(1));
        assertThat(epoch.path("event").textValue()).isEqualTo("epoch");
        assertThat(epoch.path("validationLoss").doubleValue()).isEqualTo(1.5);
    }

    /** Metrics that are asked for and shown anyway are those of the validation rows. */
    @Test
    void trainingFiguresKeepTheirNamesWhenTheSameMetricsAreAskedFor() {
        TreeMap<String, Double> metrics = new TreeMap<>(Map.of("accuracy", 0.5, "loss", 1.5, "roc-auc", 0.7));
        EpochResult result = new EpochResult(2, 5, 0.25, 0.75, 1.5, 0.5, 0.001, metrics, 1000, 0.5, null);
        StringWriter json = new StringWriter();
        new JsonDisplay(new PrintWriter(json, true)).epoch(result, "0:09");
        ObjectNode epoch = JsonText.read(json.toString());
        assertThat(epoch.path("accuracy").doubleValue()).isEqualTo(0.75);
        assertThat(epoch.path("loss").doubleValue()).isEqualTo(0.25);
        assertThat(epoch.path("roc-auc").doubleValue()).isEqualTo(0.7);
        StringWriter line = new StringWriter();
        new LineDisplay(new PrintWriter(line, true), false).epoch(result, "0:09");
        assertThat(line.toString())
                .containsOnlyOnce("| accuracy")
                .contains("| validation accuracy 0.5000 | roc-auc 0.7000");
    }

    @Test
    void theCommandShowsWhatItIsAskedFor() throws IOException {
        Shell shell = new Shell(directory);
        Path data = shell.points("points.csv", 40);
        shell.trains(data, "--quiet");
        assertThat(shell.out().lines()).hasSize(3).allMatch(line -> line.matches("(model|weights-sha256|kernels): .*"));
        shell.trains(data, "--json-log", "--overwrite");
        assertThat(shell.out().lines())
                .allSatisfy(line -> assertThat(JsonText.read(line).has("event")).isTrue());
        assertThat(shell.run(shell.train(data, "--quiet", "--json-log", "--overwrite")
                        .toArray(new String[0])))
                .isEqualTo(2);
        assertThat(shell.err()).contains("exclude each other");
    }

    @Test
    void quietShowsNoPlan() {
        StringWriter out = new StringWriter();
        StepPlan plan = new StepPlan(StepPlan.Route.LOCAL, 1, 8, 1, 1, 1, 10, 0, List.of());
        new Progress(new PrintWriter(out, true), List.of(), plan, ProgressOptions.Form.QUIET).epochEnded(result());
        assertThat(out.toString()).isEmpty();
    }
}
