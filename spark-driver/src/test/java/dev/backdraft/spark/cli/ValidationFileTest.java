package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file of {@code --validation} is measured by the names of its columns, whatever their order and format. */
class ValidationFileTest {
    private static final Pattern LOSS = Pattern.compile("validation loss ([0-9.]+)");

    @TempDir
    private Path directory;

    private Shell shell;

    @BeforeEach
    void setUp() {
        shell = new Shell(directory);
    }

    /** Rows whose columns differ so much that an exchange shows in the loss. */
    private void csv(String name, String header, int seed) throws IOException {
        Random random = new Random(seed);
        StringBuilder csv = new StringBuilder(header).append('\n');
        for (int i = 0; i < 40; i++) {
            double a = random.nextDouble();
            double b = 100 + random.nextDouble();
            for (String column : header.split(",", -1)) {
                double value =
                        switch (column) {
                            case "a" -> a;
                            case "b" -> b;
                            case "extra" -> 7;
                            default -> a - b; // the label, or a column of another name
                        };
                csv.append(String.format(Locale.ROOT, "%.6f,", value));
            }
            csv.setCharAt(csv.length() - 1, '\n');
        }
        shell.write(name, csv.toString());
    }

    private String lossOf(String data, String validation, String... more) {
        String[] options = new String[more.length + 8];
        String[] own = {
            "--validation",
            shell.name(validation),
            "--layers",
            "2,3,1",
            "--label",
            "target",
            "--standardize",
            "--overwrite"
        };
        System.arraycopy(own, 0, options, 0, own.length);
        System.arraycopy(more, 0, options, own.length, more.length);
        shell.trains(shell.path(data), options);
        Matcher loss = LOSS.matcher(shell.out());
        String last = "";
        while (loss.find()) {
            last = loss.group(1);
        }
        assertThat(last).isNotEmpty();
        return last;
    }

    private void parquet(String... names) throws IOException {
        try (SparkSession spark = Sessions.start("local[2]")) {
            for (String name : names) {
                spark.read()
                        .option("header", true)
                        .option("inferSchema", true)
                        .csv(shell.name(name + ".csv"))
                        .write()
                        .parquet(shell.name(name + ".parquet"));
            }
        }
    }

    @Test
    void columnsAreFoundByNameInAnyOrderAndFormat() throws IOException {
        csv("train.csv", "a,b,target", 1);
        csv("same.csv", "a,b,target", 2);
        csv("other-order.csv", "target,extra,b,a", 2);
        parquet("train", "other-order");

        String loss = lossOf("train.csv", "same.csv");
        assertThat(lossOf("train.csv", "other-order.csv")).isEqualTo(loss);
        assertThat(lossOf("train.csv", "other-order.parquet")).isEqualTo(loss);
        assertThat(lossOf("train.parquet", "other-order.csv")).isEqualTo(loss);
        assertThat(lossOf("train.parquet", "other-order.parquet", "--aggregation", "job"))
                .isEqualTo(loss);
    }

    @Test
    void otherNamesAreRefused() throws IOException {
        csv("train.csv", "a,b,target", 1);
        csv("other.csv", "x,b,target", 2);
        parquet("other");
        for (String validation : new String[] {"other.csv", "other.parquet"}) {
            shell.refused(
                    shell.train(shell.path("train.csv"), "--validation", shell.name(validation), "--layers", "2,3,1"),
                    validation + ": columns of the training data are missing: a; the columns are x, b, target");
        }
    }

    @Test
    void theLabelAndTheWeightAreNeededToo() throws IOException {
        csv("train.csv", "a,b,extra,target", 1);
        csv("other.csv", "b,a,y", 2);
        shell.refused(
                shell.train(
                        shell.path("train.csv"),
                        "--validation",
                        shell.name("other.csv"),
                        "--weight",
                        "extra",
                        "--layers",
                        "2,3,1"),
                "columns of the training data are missing: target, extra; the columns are b, a, y");
    }
}
