package dev.backdraft.benchmarks.tables;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.benchmarks.compare.PythonPeers;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Methods on a table of a few hundred rows: those that can learn from it do, and the others say why not. No timing. */
class TablesTest {
    private static final String COLUMNS =
            "\"columns\": [{\"name\": \"x\", \"kind\": \"number\"}, {\"name\": \"c\", \"kind\": \"category\"},"
                    + " {\"name\": \"d\", \"kind\": \"date\"}]";

    @TempDir
    private Path directory;

    /** Rows whose category tells the label, with gaps and a category that only the test rows have. */
    private Table table(String task, int classes) throws IOException {
        Path file = directory.resolve("t.csv.gz");
        Random random = new Random(1);
        try (Writer out =
                new OutputStreamWriter(new GZIPOutputStream(Files.newOutputStream(file)), StandardCharsets.UTF_8)) {
            out.write("x,c,d,fold,y\n");
            for (int i = 0; i < 400; i++) {
                int kind = random.nextInt(classes);
                String x = i % 9 == 0 ? "" : Double.toString(kind + random.nextDouble());
                String c = i == 399 ? "unseen" : "c" + kind;
                String label = task.equals("regression") ? Integer.toString(1 + kind) : "class " + kind;
                out.write(
                        x + "," + c + ",2026-01-" + (10 + i % 20) + "," + (i == 399 ? 4 : i % 5) + "," + label + "\n");
            }
        }
        String json = "{\"file\": \"t.csv.gz\", \"task\": \"" + task + "\", \"label\": \"y\", \"label_transform\": \""
                + (task.equals("regression") ? "log" : "none") + "\", " + COLUMNS + "}";
        Files.writeString(directory.resolve("tables.json"), "{\"t\": " + json + "}");
        return Table.read(directory, "t", new ObjectMapper().readTree(json));
    }

    @Test
    void lossesAreThoseOfTheirDefinition() throws IOException {
        Table classes = table("multiclass", 3);
        Losses third = Losses.of(classes, n -> new double[] {1 / 3.0, 1 / 3.0, 1 / 3.0});
        assertThat(third.loss()).isCloseTo(Math.log(3), within(1e-12));
        Losses sure = Losses.of(classes, n -> {
            double[] answer = new double[3];
            answer[(int) classes.target(classes.test().rows().get(n))] = 1;
            return answer;
        });
        assertThat(List.of(sure.loss(), sure.further())).containsExactly(0.0, 1.0);

        Table numbers = table("regression", 3);
        Losses off = Losses.of(
                numbers, n -> new double[] {numbers.test().rows().get(n).label() + 0.5});
        assertThat(off.loss()).isCloseTo(0.5, within(1e-12));
        assertThat(off.further()).isCloseTo(0.5, within(1e-12));
        assertThat(numbers.test().rows().stream().mapToDouble(row -> Math.exp(row.label())))
                .allSatisfy(label -> assertThat(label - Math.rint(label)).isCloseTo(0, within(1e-9)));
        assertThat(numbers.scored().size()).isBetween(100_000, 101_000);
    }

    @Test
    void methodsSayWhyTheyCannotLearn() throws IOException {
        Table three = table("multiclass", 3);
        Table numbers = table("regression", 3);
        Table two = table("binary", 2);

        for (Method method : SparkMethod.all(new SharedSpark())) {
            assertThat(method.absence(two)).as(method.name()).isNull();
            assertThat(method.absence(three))
                    .as(method.name())
                    .isEqualTo(method.name().startsWith("spark gbt") ? "takes 2 classes, the table has 3" : null);
            assertThat(method.absence(numbers))
                    .as(method.name())
                    .isEqualTo(method.name().startsWith("spark perceptron") ? "Spark has it for classes only" : null);
        }
        assertThat(new PythonPeers(Path.of("benchmarks")).absence("no_such_module"))
                .contains("has no module no_such_module");
    }

    /** An answer that goes to another row would show here. */
    @Test
    @Tag("slow")
    void learnersOfSparkFindWhatTheCategoryTells() throws Exception {
        try (SharedSpark spark = new SharedSpark()) {
            for (Table table : List.of(table("binary", 2), table("multiclass", 3), table("regression", 3))) {
                for (Method method : SparkMethod.all(spark)) {
                    if (method.absence(table) == null) {
                        Method.Score score = method.run(table.withFewestScored(1), 1);
                        String what =
                                method.name() + ", " + table.train().rows().size();
                        if (table.classifies()) {
                            assertThat(score.further()).as(what).isGreaterThan(0.95);
                        } else {
                            assertThat(score.loss()).as(what).isLessThan(0.2);
                        }
                        assertThat(score.rowsPerSecond()).isPositive();
                    }
                }
            }
        }
    }
}
