package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which files and directories are read, and what is said of those that are not. */
@Tag("slow")
class InputFilesTest {
    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    /** Writes the points as Parquet, with a column {@code part} of 0 and 1. */
    private void parquet(String name, boolean partitioned) throws IOException {
        shell.points("source.csv", 40);
        try (SparkSession spark = Sessions.start("local[2]")) {
            var rows = spark.read()
                    .option("header", true)
                    .option("inferSchema", true)
                    .csv(shell.name("source.csv"))
                    .repartition(2);
            if (partitioned) {
                rows.selectExpr("*", "int(x > 0) as part")
                        .write()
                        .partitionBy("part")
                        .parquet(shell.name(name));
            } else {
                rows.write().parquet(shell.name(name));
            }
        }
    }

    private Path partOf(String parquet) throws IOException {
        try (var files = Files.list(shell.path(parquet))) {
            return files.filter(file -> file.toString().endsWith(".parquet"))
                    .sorted()
                    .reduce((first, last) -> last)
                    .orElseThrow();
        }
    }

    /** Refused with one line, the last of which is not a stack trace. */
    private void refusedInOneLine(List<String> arguments, String... parts) {
        shell.refused(arguments, parts);
        assertThat(shell.err().lines()).hasSize(1);
    }

    @Test
    void aFileThatIsNotParquetIsRefusedInOneLine() throws IOException {
        parquet("good.parquet", false);
        byte[] good = Files.readAllBytes(partOf("good.parquet"));
        shell.write("garbage.parquet", "x,y,kind\n1,2,a\n");
        Files.write(shell.path("cut.parquet"), Arrays.copyOf(good, good.length - 5));
        shell.write("empty.parquet", "");
        for (String name : new String[] {"garbage.parquet", "cut.parquet", "empty.parquet"}) {
            refusedInOneLine(shell.train(shell.path(name)), name + ": cannot be read as Parquet: ");
        }
        refusedInOneLine(
                shell.train(shell.path("source.csv"), "--format", "parquet"),
                "source.csv: cannot be read as Parquet: ");

        Files.write(partOf("good.parquet"), new byte[20]); // its schema is read from the other file
        Files.delete(partOf("good.parquet")
                .resolveSibling("." + partOf("good.parquet").getFileName() + ".crc"));
        for (String aggregation : new String[] {"local", "job"}) {
            refusedInOneLine(
                    shell.train(shell.path("good.parquet"), "--aggregation", aggregation),
                    partOf("good.parquet").getFileName().toString());
        }
    }

    @Test
    void bracketsInNamesAreNoPatterns() throws IOException {
        parquet("br[1]{2}*.parquet", false);
        shell.trains(shell.path("br[1]{2}*.parquet"));
        String hash = shell.hash("run");
        Path one = Files.copy(shell.points("points.csv", 40), shell.path("br[1].csv"));
        shell.trains(one, "--overwrite");
        assertThat(shell.hash("run")).isEqualTo(hash);
    }

    @Test
    void partitionsOfParquetAreReadWithTheirColumn() throws IOException {
        parquet("parts.parquet", true);
        Path data = shell.path("parts.parquet");
        shell.refused(shell.train(data), "'part', comes from the directory names: name the label with --label");
        shell.trains(data, "--label", "kind", "--layers", "3,4,2");
        String hash = shell.hash("run");
        shell.trains(data, "--label", "kind", "--layers", "3,4,2", "--aggregation", "job", "--overwrite");
        assertThat(shell.hash("run")).isEqualTo(hash);

        Files.write(data.resolve("part=0").resolve("part-a.parquet"), new byte[0]);
        shell.trains(data, "--label", "kind", "--layers", "3,4,2", "--overwrite");
        assertThat(shell.hash("run")).isEqualTo(hash);

        shell.succeed("predict", "--model", shell.name("run"), "--data", data.toString(), "--out", shell.name("p.csv"));
        assertThat(Files.readAllLines(shell.path("p.csv"))).hasSize(41);

        Files.createDirectory(data.resolve("more"));
        Files.copy(shell.path("source.csv"), data.resolve("more").resolve("rows.parquet"));
        assertThat(shell.run("predict", "--model", shell.name("run"), "--data", data.toString(), "--out", "none.csv"))
                .isEqualTo(2);
        assertThat(shell.err()).contains("rows.parquet is in a subdirectory that is not called column=value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sub", "year=2020"})
    void csvInSubdirectoriesIsRefusedByName(String sub) throws IOException {
        Path data = Files.createDirectory(shell.path("data"));
        shell.points("data/part-1.csv", 20);
        for (String hidden : new String[] {"_temporary", ".cache"}) {
            Files.createDirectory(data.resolve(hidden));
            shell.write("data/" + hidden + "/part-3.csv", "not,read\n");
        }
        shell.trains(data);
        Files.createDirectory(data.resolve(sub));
        shell.points("data/" + sub + "/part-2.csv", 20);
        assertThat(shell.run(shell.train(data, "--overwrite").toArray(new String[0])))
                .isEqualTo(2);
        assertThat(shell.err())
                .contains(sub + "/part-2.csv is in a subdirectory")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @CsvSource({"0, csv", "1, csv", "2, csv", "1, libsvm"})
    void emptyPartsAreSkippedAtAnyPosition(int position, String format) throws IOException {
        Path data = Files.createDirectory(shell.path("data"));
        String header = "csv".equals(format) ? "x,y,kind\n" : "";
        String[] parts = "csv".equals(format)
                ? new String[] {header + "1,2,a\n2,1,b\n", header + "3,2,b\n1,3,a\n"}
                : new String[] {"0 1:1 2:2\n1 1:2 2:1\n", "1 1:3 2:2\n0 1:1 2:3\n"};
        for (int i = 0, full = 0; i < 3; i++) {
            shell.write("data/part-" + i + "." + format, i == position ? "" : parts[full++]);
        }
        shell.trains(data);
        String hash = shell.hash("run");
        shell.trains(data, "--aggregation", "job", "--overwrite");
        assertThat(shell.hash("run")).isEqualTo(hash);
        Files.delete(data.resolve("part-" + position + "." + format));
        shell.trains(data, "--overwrite");
        assertThat(shell.hash("run")).isEqualTo(hash);

        shell.write("data/part-" + position + "." + format, "");
        shell.succeed("evaluate", "--model", shell.name("run"), "--data", data.toString());
        shell.succeed("predict", "--model", shell.name("run"), "--data", data.toString(), "--out", shell.name("p.csv"));
        assertThat(Files.readAllLines(shell.path("p.csv"))).hasSize(5);
    }

    @ParameterizedTest
    @ValueSource(strings = {"csv", "libsvm", "parquet"})
    void aDirectoryOfEmptyPartsIsRefused(String format) throws IOException {
        Path data = Files.createDirectory(shell.path("data"));
        shell.write("data/part-0." + format, "");
        shell.write("data/part-1." + format, "");
        refusedInOneLine(shell.train(data, "--format", format), "data: all files in this directory are empty");
    }

    @Test
    void predictReadsNoLabels() throws IOException {
        shell.write("train.csv", "x,y\n0.1,1\n0.2,2\n");
        shell.trains(shell.path("train.csv"), "--layers", "1,4,1");
        shell.write("without.csv", "x\n0.1\n0.2\n");
        shell.write("empty.csv", "x,y\n0.1,\n0.2,\n");
        shell.write("text.csv", "y,x\nunknown,0.1\n?,0.2\n");
        shell.write("none.libsvm", "1:0.1\n1:0.2\n");
        shell.write("text.libsvm", "? 1:0.1\nunknown 1:0.2\n");
        try (SparkSession spark = Sessions.start("local[1]")) {
            spark.sql("select x, double(null) as y from values (0.1d), (0.2d) as t(x)")
                    .coalesce(1)
                    .write()
                    .parquet(shell.name("null.parquet"));
        }
        for (String name :
                new String[] {"without.csv", "empty.csv", "text.csv", "none.libsvm", "text.libsvm", "null.parquet"}) {
            shell.succeed(
                    "predict",
                    "--model",
                    shell.name("run"),
                    "--data",
                    shell.name(name),
                    "--out",
                    shell.name(name + ".out"));
            assertThat(shell.path(name + ".out")).hasSameTextualContentAs(shell.path("without.csv.out"));
        }
        assertThat(Files.readAllLines(shell.path("without.csv.out"))).hasSize(3);
        assertThat(shell.run("evaluate", "--model", shell.name("run"), "--data", shell.name("empty.csv")))
                .isEqualTo(2);
        assertThat(shell.err()).contains("empty.csv line 2, column 'y' is empty");
    }

    @Test
    void queryIdentifiersAreExplained() throws IOException {
        shell.write("rank.libsvm", "1 qid:3 1:0.5 2:1\n");
        refusedInOneLine(shell.train(shell.path("rank.libsvm")), "rank.libsvm line 1: 'qid:3': query identifiers are");
    }

    @Test
    void aNetworkThatIsTooLargeIsRefusedWithItsSize() throws IOException {
        refusedInOneLine(
                shell.train(shell.points("points.csv", 10), "--layers", "2,50000,50000,2"),
                "a dense layer of 50000 -> 50000 has 2,500,050,000 parameters: at most 2,147,483,647");
    }

    @ParameterizedTest
    @CsvSource({
        "s3a://bucket/x, spark-submit --packages org.apache.hadoop:hadoop-aws:",
        "abfss://c@host/x, spark-submit --packages org.apache.hadoop:hadoop-azure:",
        "gs://bucket/x, Google's Cloud Storage connector",
        "s3://bucket/x, 'write s3a: instead of s3:'",
        "https://host/x, web servers are not supported",
        "nothing://host/x, --conf spark.hadoop.fs.nothing.impl",
        "hdfs://no-such-host.invalid/x, no-such-host.invalid"
    })
    void aFileSystemThatIsNotThereIsExplainedInOneLine(String uri, String message) throws IOException {
        everyUseIsRefused(uri, message);
    }

    @Test
    void aColonInALocalUriIsExplainedInOneLine() throws IOException {
        shell.points("a:b", 10);
        everyUseIsRefused("file:" + shell.name("a:b"), "a colon");
    }

    private void everyUseIsRefused(String uri, String message) throws IOException {
        Path data = shell.points("points.csv", 10);
        refusedInOneLine(shell.train(data, "--data", uri, "--format", "csv"), uri, message);
        refusedInOneLine(shell.train(data, "--validation", uri, "--format", "csv"), uri, message);
        refusedInOneLine(shell.train(data, "--out", uri), uri, message);
        refusedInOneLine(List.of("evaluate", "--model", uri, "--data", data.toString()), uri, message);
        refusedInOneLine(List.of("inspect", uri), uri, message);
        refusedInOneLine(shell.train(data, "--config", uri), uri, message);
        shell.trains(data, "--out", shell.name("trained"), "--overwrite");
        refusedInOneLine(
                List.of("predict", "--model", shell.name("trained"), "--data", data.toString(), "--out", uri),
                uri,
                message);
    }
}
