package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Decision thresholds on the command line. */
@Tag("slow")
class ThresholdCommandsTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path data;

    /** One fraud in five. */
    @BeforeEach
    void writeData() throws IOException {
        shell = new Shell(directory);
        Random random = new Random(7);
        StringBuilder csv = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < 400; i++) {
            double x = random.nextGaussian();
            csv.append(x).append(',').append(random.nextGaussian());
            csv.append(x + random.nextGaussian() > 1.2 ? ",fraud\n" : ",a-sale\n");
        }
        data = shell.write("rows.csv", csv.toString());
    }

    private Model train(String... more) throws IOException {
        List<String> options = new ArrayList<>(List.of("--validation=0.3", "--overwrite"));
        if (Arrays.stream(more).noneMatch(option -> option.startsWith("--layers"))) {
            options.add("--layers=2,4,1");
        }
        options.addAll(List.of(more));
        shell.trains(data, options.toArray(String[]::new));
        return ModelFile.read(shell.path("run/model.backdraft"));
    }

    @Test
    void everyRouteFindsTheSameThreshold() throws IOException {
        Model local = train("--aggregation=local", "--threshold=f1");
        assertThat(local.hasThreshold()).isTrue();
        assertThat(shell.out())
                .contains("threshold: f1, chosen on the validation rows after the last epoch; until then, 0.5 decides")
                .contains("threshold: " + local.threshold() + ", by f1 (class 1 on the validation rows: precision 0.");
        for (String aggregation : List.of("job", "resident")) {
            Model other = train("--aggregation=" + aggregation, "--master=local[2]", "--threshold=f1");
            assertThat(other.weightsSha256()).isEqualTo(local.weightsSha256());
            assertThat(other.threshold()).isEqualTo(local.threshold());
            assertThat(other.provenance().get("thresholdF1"))
                    .isEqualTo(local.provenance().get("thresholdF1"));
        }
    }

    @Test
    void evaluatePredictAndInspectUseTheThreshold() throws IOException {
        Model model = train("--threshold=cost=5", "--test=0.2");
        String line = "threshold: " + model.threshold() + "\n";
        assertThat(model.threshold()).isLessThan(0.5);
        assertThat(shell.out())
                .contains("on test rows, which the training never saw:")
                .contains(line);
        shell.succeed("inspect", "--model", shell.name("run"));
        assertThat(shell.out()).contains(line).contains("thresholdRule: cost=5").contains("thresholdRecall: ");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", data.toString());
        String evaluated = shell.out();
        assertThat(evaluated).contains(line);

        shell.succeed(
                "predict",
                "--model",
                shell.name("run"),
                "--data",
                data.toString(),
                "--keep=kind",
                "--out",
                shell.name("predicted.csv"));
        List<String> lines = Files.readAllLines(shell.path("predicted.csv"));
        assertThat(lines.get(0)).isEqualTo("kind,prediction,probability_a-sale,probability_fraud");
        int right = 0;
        int moved = 0;
        for (String each : lines.subList(1, lines.size())) {
            String[] cells = each.split(",", -1);
            float probability = Float.parseFloat(cells[3]);
            assertThat(cells[1]).isEqualTo(probability > model.threshold() ? "fraud" : "a-sale");
            right += cells[0].equals(cells[1]) ? 1 : 0;
            moved += probability > model.threshold() && probability <= 0.5 ? 1 : 0;
        }
        assertThat(moved).isPositive();
        assertThat(evaluated).contains(String.format(Locale.ROOT, "accuracy: %.4f", right / 400.0));
    }

    @Test
    void everyRouteFindsTheSameIsotonicCalibration() throws IOException {
        Model local = train("--aggregation=local", "--calibration=isotonic", "--threshold=f1");
        assertThat(shell.out())
                .contains("calibration: isotonic, found on the validation rows after the last epoch")
                .contains("calibrated: probabilities go through an isotonic function of ");
        for (String aggregation : List.of("job", "resident")) {
            Model other = train(
                    "--aggregation=" + aggregation, "--master=local[2]", "--calibration=isotonic", "--threshold=f1");
            assertThat(other.calibration()).isEqualTo(local.calibration());
            assertThat(other.threshold()).isEqualTo(local.threshold());
        }
        shell.succeed("inspect", "--model", shell.name("run"));
        assertThat(shell.out())
                .contains("calibration: an isotonic function of "
                        + local.calibration().score().size() + " points\n");
    }

    @Test
    void resumeKeepsTheThreshold() throws IOException {
        Model whole = train("--threshold=f1", "--epochs=4");
        train("--threshold=f1", "--epochs=2", "--checkpoint-every=1");
        shell.succeed("train", "--resume", "--out", shell.name("run"), "--epochs=4");
        Model resumed = ModelFile.read(shell.path("run/model.backdraft"));
        assertThat(resumed.weightsSha256()).isEqualTo(whole.weightsSha256());
        assertThat(resumed.threshold()).isEqualTo(whole.threshold());
        assertThat(shell.config("run").at("/threshold").asText()).isEqualTo("f1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"f1", "precision=0.9", "cost=5"})
    void aRuleWithoutValidationRowsIsRefused(String rule) {
        shell.refused(
                shell.train(data, "--layers=2,4,1", "--validation=none", "--threshold=" + rule),
                "threshold " + rule
                        + " is chosen on validation rows, but there are none: choose a validation fraction");
    }

    @Test
    void otherTextsAndThreeClassesAreRefused() throws IOException {
        shell.refused(
                shell.train(data, "--threshold=half"),
                "--threshold: threshold is 'half': use a number above 0 and below 1, f1, precision=P");
        Path three = shell.write("three.csv", "x,y,kind\n" + "1,2,a\n2,3,b\n3,1,c\n".repeat(20));
        shell.refused(shell.train(three, "--layers=2,4,3", "--threshold=0.3"), "threshold decides between two classes");
    }

    @Test
    void aPrecisionThatIsNotReachedIsAWarning() throws IOException {
        Model model = train("--threshold=precision=1", "--ignore=x", "--layers=1,4,1");
        assertThat(model.hasThreshold()).isFalse();
        assertThat(shell.out() + shell.err())
                .contains("warning: threshold precision=1 cannot be chosen on the validation rows, because no threshold"
                        + " reaches this precision; the highest is 0.")
                .contains("the model predicts class 1 above a probability of 0.5");
    }
}
