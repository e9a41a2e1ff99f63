package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import dev.backdraft.tensor.Tensor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trainings of tables that start from the model of an earlier run. */
class InitialModelCommandTest {
    @TempDir
    private Path directory;

    private Shell shell;
    private Path first;
    private Path second;

    @BeforeEach
    void trainTheFirst() throws IOException {
        shell = new Shell(directory);
        first = shell.write("first.csv", table(200, 0, "age,city,left"));
        second = shell.write("second.csv", table(120, 40, "left,city,age,note"));
        shell.succeed(
                "train",
                "--data",
                first.toString(),
                "--out",
                shell.name("first"),
                "--epochs=3",
                "--hidden=6",
                "--kinds=city=category");
    }

    /** @param older by how much the mean of a number differs, which is another one with every call */
    private static String table(int rows, int older, String header) {
        StringBuilder csv = new StringBuilder(header).append('\n');
        List<String> columns = Arrays.asList(header.split(",", -1));
        for (int i = 0; i < rows; i++) {
            String[] cells = new String[columns.size()];
            Arrays.fill(cells, "n" + i);
            cells[columns.indexOf("age")] = i % 7 == 0 ? "" : Integer.toString(older + 20 + i % 50);
            cells[columns.indexOf("city")] = "city " + (i + older) % (older == 0 ? 5 : 7); // some are unseen
            cells[columns.indexOf("left")] = i % 5 < 2 ? "yes" : "no";
            csv.append(String.join(",", cells)).append('\n');
        }
        return csv.toString();
    }

    private String[] further(String run, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                second.toString(),
                "--label=left",
                "--ignore=note",
                "--out",
                shell.name(run),
                "--epochs=3",
                "--batch-size=16",
                "--initial-model",
                shell.name("first")));
        arguments.addAll(List.of(more));
        return arguments.toArray(String[]::new);
    }

    private Model model(String run) throws IOException {
        return ModelFile.read(shell.path(run).resolve("model.backdraft"));
    }

    private String sha256(String run) throws Exception {
        return HexFormat.of()
                .formatHex(MessageDigest.getInstance("SHA-256")
                        .digest(Files.readAllBytes(shell.path(run).resolve("model.backdraft"))));
    }

    private String predictions(String run) throws IOException {
        shell.succeed(
                "predict",
                "--model",
                shell.name(run),
                "--data",
                second.toString(),
                "--out",
                shell.name("out.csv"),
                "--overwrite");
        return Files.readString(shell.path("out.csv"));
    }

    @Test
    void theModelStaysAsItIsUntilItsWeightsMove() throws Exception {
        shell.succeed(further("still", "--optimizer=sgd", "--learning-rate=1e-30"));
        assertThat(shell.out())
                .contains("initial weights: those of the model with the SHA-256 "
                        + sha256("first").substring(0, 16));
        assertThat(predictions("still")).isEqualTo(predictions("first"));
        assertThat(model("still").provenance()).containsEntry("initialModelSha256", sha256("first"));
        shell.succeed(further("moved"));
        assertThat(predictions("moved")).isNotEqualTo(predictions("first"));
        assertThat(shell.config("moved").path("initialModelSha256").textValue()).isEqualTo(sha256("first"));
    }

    @Test
    void allRoutesAndTheConfigurationGiveTheSameBits() throws IOException {
        String[] shared = {"--validation=0.25", "--early-stopping=patience=2,refit=true", "--test=0.2"};
        shell.succeed(further("local", shared));
        for (String route : List.of("job", "resident")) {
            List<String> more = new ArrayList<>(Arrays.asList(shared));
            more.addAll(List.of("--aggregation=" + route, "--master=local[2]"));
            shell.succeed(further(route, more.toArray(String[]::new)));
            assertThat(shell.hash(route)).as(route).isEqualTo(shell.hash("local"));
        }
        shell.succeed("train", "--config", shell.name("local/config.json"), "--out", shell.name("again"));
        assertThat(shell.hash("again")).isEqualTo(shell.hash("local"));
    }

    @Test
    void aRunGoesOnFromItsCheckpointUnlessTheModelChanged() throws Exception {
        shell.succeed(further("whole", "--schedule=interruptible-decay"));
        InterruptibleDecay.crashAt(18); // of 8 steps an epoch
        assertThat(shell.run(further("run", "--schedule=interruptible-decay", "--checkpoint-every=1")))
                .isEqualTo(1);
        InterruptibleDecay.crashAt(Long.MAX_VALUE);
        Path file = shell.path("first").resolve("model.backdraft");
        byte[] bytes = Files.readAllBytes(file);
        String before = sha256("first");
        ModelFile.write(model("first").withThreshold(0.4), file);
        assertThat(shell.run("train", "--resume", "--out", shell.name("run"))).isEqualTo(2);
        assertThat(shell.err())
                .contains("has the SHA-256 " + sha256("first") + ", but the run started from one with " + before);
        assertThat(shell.run(further("run", "--schedule=interruptible-decay", "--resume")))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains("it started from the model " + before + ", but this training from the model "
                        + sha256("first"));
        Files.write(file, bytes);
        shell.succeed("train", "--resume", "--out", shell.name("run"));
        assertThat(shell.hash("run")).isEqualTo(shell.hash("whole"));
    }

    /** The last layer of the first model learns the second table. */
    @Test
    void layersMayBeFrozen() throws IOException {
        Network network = model("first").network();
        List<Tensor> tensors = network.layout().parameters();
        int last = tensors.get(tensors.size() - 1).layer();
        shell.succeed(further("tuned", "--learning-rate-factors=0-" + (last - 1) + "=0"));
        int head = network.layout().offset(last);
        assertThat(head).isPositive();
        assertThat(model("tuned").parameters())
                .startsWith(Arrays.copyOf(model("first").parameters(), head))
                .isNotEqualTo(model("first").parameters());
    }

    /** Classes that the new rows lack keep their places, also in weights. */
    @Test
    void aClassMayBeMissing() throws IOException {
        Path three = shell.write("three.csv", "x,kind\n" + "1,a\n2,b\n3,c\n".repeat(20));
        shell.succeed("train", "--data", three.toString(), "--epochs=1", "--out", shell.name("three"));
        Path two = shell.write("two.csv", "x,kind\n" + "1,a\n3,c\n3,c\n".repeat(20));
        String[] further = {
            "train", "--data", two.toString(), "--label=kind", "--initial-model", shell.name("three"), "--epochs=1"
        };
        shell.succeed(with(new String[] {"--out", shell.name("plain")}, further));
        shell.succeed(with(new String[] {"--class-weights=balanced", "--out", shell.name("weighted")}, further));
        assertThat(model("weighted").preprocessing().classNames()).containsExactly("a", "b", "c");
        List<Double> weights = new ArrayList<>();
        shell.config("weighted").path("classWeights").forEach(weight -> weights.add(weight.asDouble()));
        assertThat(weights).containsExactly(1.0, 1.0, 0.5);
    }

    @Test
    void theStartIsNotWrittenOver() throws IOException {
        byte[] before = Files.readAllBytes(shell.path("first/model.backdraft"));
        shell.refused(
                Arrays.asList(further("first", "--overwrite")),
                "is the model that this run would write over: choose another directory for --out");
        Files.createDirectories(shell.path("more"));
        shell.refused(
                Arrays.asList(further("more/../first", "--overwrite")), "is the model that this run would write over");
        assertThat(shell.path("first/model.backdraft")).hasBinaryContent(before);
    }

    @Test
    void noPresetContradictsNothing() {
        shell.succeed(further("none", "--preset=none"));
    }

    private void refused(String message, String... more) {
        List<String> arguments = new ArrayList<>(Arrays.asList(further("run")));
        arguments.addAll(List.of(more));
        shell.refused(arguments, message);
    }

    @Test
    void settingsThatTheModelContradictsAreRefused() {
        refused("hidden is [8], but the model to start from has a network of its own", "--hidden=8");
        refused("preset is \"tabular\", but the model to start from has a network of its own", "--preset=tabular");
        refused("the loss is absolute-error, but that of the model to start from is", "--loss=absolute-error");
        refused("labelScale is log, but that of the model to start from is linear", "--label-scale=log");
        refused(
                "kinds is \"age=category\", but the model to start from has the kinds age=number,city=category",
                "--kinds=age=category");
        refused(
                "encoding is \"scaling=standard\", but the model to start from encodes columns",
                "--encoding=scaling=standard");
        List<String> nowhere = new ArrayList<>(Arrays.asList(further("run")));
        nowhere.set(nowhere.size() - 1, shell.name("nowhere"));
        shell.refused(nowhere, "nowhere: no such model file or directory");
    }

    @Test
    void otherColumnsAndLabelsAreRefused() throws IOException {
        String start = shell.name("first");
        List<String> train = List.of(
                "train", "--initial-model", start, "--out", shell.name("run"), "--label=left", "--epochs=1", "--data");
        List<String> more = new ArrayList<>(train);
        more.add(second.toString());
        shell.refused(
                more, "second.csv: the model to start from does not take note: it takes age, city; add --ignore note");

        more.add("--features=age,city,note");
        shell.refused(more, "--features names age, city, note, but the model takes age, city: leave --features out");
        more.set(more.size() - 1, "--ignore=city,note");
        shell.refused(more, "--ignore names column 'city', which the model takes: leave it out of --ignore");

        List<String> less = new ArrayList<>(train);
        less.add(shell.write("less.csv", "age,town,left\n1,a,yes\n2,b,no\n").toString());
        shell.refused(
                less,
                "less.csv: the features are not those of the model to start from; it takes city, which the rows do"
                        + " not have; it does not take town");

        List<String> unknown = new ArrayList<>(train);
        unknown.add(Files.writeString(
                        shell.path("unknown.csv"),
                        Files.readString(first)
                                .replaceAll("yes\n$", "perhaps\n")
                                .replaceFirst("no\n", "perhaps\n"),
                        StandardCharsets.UTF_8)
                .toString());
        shell.refused(unknown, "label perhaps is not among the classes of the model to start from, which are no, yes");
    }

    @Test
    void aModelOfNumbersStartsATrainingOfNumbers() throws IOException {
        Path points = shell.points("points.csv", 90);
        shell.trains(points, "--standardize", "--layers=2,4,1");
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                points.toString(),
                "--initial-model",
                shell.name("run/model.backdraft"),
                "--epochs=2",
                "--out",
                shell.name("more")));
        shell.succeed(arguments.toArray(String[]::new));
        assertThat(model("more").preprocessing().features().mean())
                .containsExactly(model("run").preprocessing().features().mean());
        arguments.add("--no-standardize");
        arguments.set(arguments.size() - 2, shell.name("less"));
        assertThat(shell.run(arguments.toArray(String[]::new))).isEqualTo(2);
        assertThat(shell.err())
                .contains("standardize is false, but the model to start from scales its rows, which stays as it is");
    }

    @Test
    void theOtherCommandsThatTrainStartThereToo() throws IOException {
        Path points = shell.points("points.csv", 90);
        shell.trains(points, "--standardize", "--layers=2,4,1", "--activation=tanh");
        shell.succeed("check-gradient", "--data", points.toString(), "--layers=2,4,1", "--activation=tanh");
        String atRandom = shell.out();
        String[] initial = {"--data", points.toString(), "--initial-model", shell.name("run")};
        shell.succeed(with(initial, "check-gradient"));
        assertThat(shell.out()).contains("the gradient is correct").isNotEqualTo(atRandom);

        shell.succeed(with(initial, "find-learning-rate", "--batch-size=16", "--out", shell.name("rates.csv")));
        double loss = Double.parseDouble(
                Files.readAllLines(shell.path("rates.csv")).get(1).split(",", -1)[2]);
        assertThat(loss).isLessThan(0.5 * Math.log(2)); // the model is better than a random one
    }

    private static String[] with(String[] options, String... command) {
        List<String> arguments = new ArrayList<>(Arrays.asList(command));
        arguments.addAll(Arrays.asList(options));
        return arguments.toArray(String[]::new);
    }
}
