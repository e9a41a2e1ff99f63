package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.backdraft.activation.Tanh;
import dev.backdraft.data.Preprocessing;
import dev.backdraft.loss.SquaredError;
import dev.backdraft.model.Model;
import dev.backdraft.model.ModelFile;
import dev.backdraft.network.Network;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands as a user runs them: what they print, write and refuse. */
class CommandLineTest {
    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        return Main.run(new PrintWriter(out, true), new PrintWriter(err, true), arguments);
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(directory.resolve(name), content, StandardCharsets.UTF_8);
    }

    /** Two clouds of points, named a and b. */
    private Path points(String name, int rows) throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder("x,y,kind\n");
        for (int i = 0; i < rows; i++) {
            double centre = i % 2 == 0 ? -1 : 1;
            csv.append(centre + 0.3 * random.nextGaussian()).append(',');
            csv.append(centre + 0.3 * random.nextGaussian())
                    .append(',')
                    .append(i % 2 == 0 ? "a" : "b")
                    .append('\n');
        }
        return write(name, csv.toString());
    }

    private String[] train(Path data, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "train",
                "--data",
                data.toString(),
                "--epochs",
                "5",
                "--batch-size",
                "10",
                "--learning-rate",
                "0.05",
                "--early-stopping",
                "none",
                "--l2",
                "0",
                "--out",
                directory.resolve("run").toString()));
        arguments.addAll(List.of(more));
        if (!arguments.contains("--standardize")) {
            arguments.add("--no-standardize");
        }
        if (!arguments.contains("--layers")) {
            arguments.addAll(List.of("--layers", "2,4,2"));
        }
        return arguments.toArray(new String[0]);
    }

    private void assertRefused(String message, String... arguments) throws IOException {
        assertThat(run(arguments)).as(err.toString()).isEqualTo(2);
        assertThat(err.toString()).contains(message).doesNotContain("\tat ");
        assertThat(directory.resolve("run")).doesNotExist();
    }

    @Test
    void trainsEvaluatesPredictsAndInspects() throws IOException {
        Path data = points("points.csv", 101);
        assertThat(run(train(data, "--validation", "0.2"))).as(err.toString()).isZero();
        Path run = directory.resolve("run");
        assertThat(run).isDirectoryContaining("glob:**/model.backdraft");
        assertThat(run.resolve("history.csv")).content().hasLineCount(6);
        assertThat(run.resolve("config.json")).content().contains("\"seed\" : 42");
        assertThat(out.toString())
                .contains("epoch 5/5 | loss", "validation loss", "rows/s", "left", "weights-sha256: ");

        String model = run.resolve("model.backdraft").toString();
        assertThat(run("evaluate", "--model", model, "--data", data.toString())).isZero();
        assertThat(out.toString()).contains("accuracy: 1.0000", "confusion matrix");

        Path predictions = directory.resolve("predictions.csv");
        assertThat(run("predict", "--model", model, "--data", data.toString(), "--out", predictions.toString()))
                .isZero();
        assertThat(Files.readAllLines(predictions)).hasSize(102).startsWith("prediction,probability_a,probability_b");
        assertThat(Files.readAllLines(predictions).get(1)).startsWith("a,0.9");

        assertThat(run("inspect", model)).isZero();
        assertThat(out.toString())
                .contains(
                        ", 22 parameters",
                        "classes: a, b",
                        "seed: 42",
                        "checksums: SHA-256 of tensors and header verified");

        assertThat(run("inspect", Path.of(model).getParent().toString())).isZero(); // the directory of the run
        Path saved = Files.createDirectories(directory.resolve("saved"));
        assertThat(run("inspect", saved.toString())).isEqualTo(2);
        assertThat(err.toString()).contains("saved: this directory has neither model.backdraft");
        Files.createDirectories(saved.resolve("data"));
        Files.copy(Path.of(model), saved.resolve("data/model.backdraft"));
        assertThat(run("inspect", saved.toString())).isZero(); // as spark.ml saves it
    }

    @Test
    void partFilesParquetAndEveryAggregationGiveTheSameWeights() throws IOException {
        Path data = points("points.csv", 101);
        List<String> lines = Files.readAllLines(data);
        Path parts = Files.createDirectory(directory.resolve("parts"));
        for (int part = 0; part < 3; part++) {
            List<String> mine = new ArrayList<>(List.of(lines.get(0)));
            for (int i = lines.size() - 1; i > 0; i--) {
                if (i % 3 == part) {
                    mine.add(lines.get(i));
                }
            }
            Files.write(parts.resolve("part-" + part + ".csv"), mine);
        }
        Path parquet = directory.resolve("parquet");
        try (SparkSession spark = Sessions.start("local[2]")) {
            spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(data.toString())
                    .repartition(4)
                    .write()
                    .parquet(parquet.toString());
        }
        List<String> hashes = new ArrayList<>();
        for (String[] variant : new String[][] {
            {data.toString(), "local"},
            {data.toString(), "job"},
            {parts.toString(), "job"},
            {parquet.toString(), "job"},
            {parquet.toString(), "local"}
        }) {
            assertThat(run(train(
                            Path.of(variant[0]),
                            "--standardize",
                            "--overwrite",
                            "--master",
                            "local[3]",
                            "--aggregation",
                            variant[1])))
                    .as(err.toString())
                    .isZero();
            Model model = ModelFile.read(directory.resolve("run").resolve("model.backdraft"));
            hashes.add(model.weightsSha256());
        }
        assertThat(hashes).allMatch(hash -> hash.equals(hashes.get(0)));
    }

    @Test
    void refusesAFileThatIsNotThere() throws IOException {
        assertRefused("no such file or directory", train(directory.resolve("absent.csv")));
    }

    @Test
    void refusesAnEmptyFile() throws IOException {
        assertRefused("is empty", train(write("empty.csv", "")));
    }

    @Test
    void refusesARaggedRowWithFileAndLine() throws IOException {
        assertRefused("ragged.csv line 3", train(write("ragged.csv", "x,y,kind\n1,2,a\n1,b\n")));
    }

    @Test
    void refusesNotANumberWithRowAndColumn() throws IOException {
        assertRefused("nan.csv line 3, column 'y'", train(write("nan.csv", "x,y,kind\n1,2,a\n1,NaN,b\n")));
    }

    @Test
    void refusesNotANumberOnSparkWithoutAStackTrace() throws IOException {
        Path data = write("nan.csv", "x,y,kind\n1,2,a\n1,NaN,b\n");
        assertRefused("nan.csv line 3, column 'y'", train(data, "--aggregation", "job", "--master", "local[2]"));
    }

    @Test
    void refusesALabelOutOfRange() throws IOException {
        assertRefused("label 2 in ", train(write("range.csv", "x,y,kind\n1,2,0\n1,3,2\n")));
    }

    @Test
    void refusesLayersThatDoNotFitTheFeatures() throws IOException {
        assertRefused("takes 3 features, but", train(points("points.csv", 4), "--layers", "3,2"));
    }

    @Test
    void refusesLayersThatDoNotFitTheClasses() throws IOException {
        assertRefused("the labels are 2 classes (a, b)", train(points("points.csv", 4), "--layers", "2,3"));
    }

    @Test
    void listsTheOptimizersThatExist() throws IOException {
        assertRefused(
                "--optimizer: unknown optimizer 'magic': use sgd, ",
                train(points("points.csv", 4), "--optimizer", "magic"));
    }

    @Test
    void refusesToOverwriteARunUnlessAsked() throws IOException {
        Path data = points("points.csv", 20);
        assertThat(run(train(data))).isZero();
        assertThat(run(train(data))).isEqualTo(2);
        assertThat(err.toString()).contains("is not empty", "--overwrite");
        assertThat(run(train(data, "--overwrite"))).isZero();
    }

    @Test
    void refusesTruncatedAndForeignModelFiles() throws IOException {
        Path data = points("points.csv", 20);
        assertThat(run(train(data))).isZero();
        byte[] model = Files.readAllBytes(directory.resolve("run").resolve("model.backdraft"));
        Path cut = Files.write(directory.resolve("cut.backdraft"), Arrays.copyOf(model, model.length - 9));
        assertThat(run("inspect", cut.toString())).isEqualTo(2);
        assertThat(run("inspect", data.toString())).isEqualTo(2);
        assertThat(run("evaluate", "--model", data.toString(), "--data", data.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("truncated", "not a Backdraft model file")
                .doesNotContain("\tat ");
    }

    @Test
    void stopsWithItsOwnExitCodeWhenTrainingDiverges() throws IOException {
        Path data = write("big.csv", "x,y,target\n1e30,1,1e30\n1e30,-1,-1e30\n3,4,5\n");
        assertThat(run(train(data, "--layers", "2,1"))).isEqualTo(3);
        assertThat(err.toString())
                .contains("training diverged", "learning rate 0.05")
                .doesNotContain("\tat ");
    }

    @Test
    void theDemoTrainsOnSparkAndEvaluates() throws IOException {
        assertThat(run("demo", "--out", directory.resolve("demo").toString(), "--epochs", "2", "--master", "local[2]"))
                .as(err.toString())
                .isZero();
        assertThat(out.toString()).contains("4,000 training and 1,000 test signals", "epoch 2/2", "accuracy: 0.");
        try (Stream<Path> files = Files.list(directory.resolve("demo"))) {
            assertThat(files.map(path -> path.getFileName().toString()))
                    .contains("model.backdraft", "history.csv", "config.json", "data");
        }
    }

    @Test
    void theDemoRunsOnTheMasterOfSparkSubmit() {
        System.setProperty("spark.master", "local[3]"); // where spark-submit leaves it
        try {
            assertThat(run("demo", "--out", directory.resolve("demo").toString(), "--epochs", "1", "--verbose"))
                    .as(err.toString())
                    .isZero();
        } finally {
            System.clearProperty("spark.master");
        }
        assertThat(out.toString()).contains("of 3 slots");
    }

    @Test
    void everyOutputOfAModelOfSeveralIsPredicted() throws IOException {
        Network network = Network.perceptron(new Tanh(), 2, 2);
        float[] parameters = {1, 2, 3, 4, 0, 100}; // W column by column, then b
        Path model = directory.resolve("several.bdm");
        Path data = write("two.csv", "x,y\n1,0\n-1,2\n");
        Path predictions = directory.resolve("predictions.csv");
        ModelFile.write(
                new Model(network, new SquaredError(), Preprocessing.none(), parameters, Map.of("seed", "1")), model);
        assertThat(run(
                        "predict",
                        "--model",
                        model.toString(),
                        "--data",
                        data.toString(),
                        "--out",
                        predictions.toString()))
                .as(err.toString())
                .isZero();
        assertThat(predictions).content().isEqualTo("prediction_0,prediction_1\n1.0,102.0\n5.0,106.0\n");
    }
}
