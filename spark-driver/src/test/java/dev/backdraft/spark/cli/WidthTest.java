package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No command prints a line that is longer than the terminal is wide. */
@Tag("slow")
class WidthTest {
    private static final List<String> COMMANDS =
            List.of("train", "evaluate", "predict", "inspect", "find-learning-rate", "check-gradient", "demo");

    @TempDir
    private Path directory;

    private int columns;

    @AfterEach
    void leaveTheTerminal() {
        List.of(Terminal.TABLE, Terminal.OUT, Terminal.ERR).forEach(System::clearProperty);
    }

    private void terminal(int width) {
        columns = width;
        List.of(Terminal.TABLE, Terminal.OUT, Terminal.ERR)
                .forEach(property -> System.setProperty(property, Integer.toString(width)));
    }

    /** What a command prints, which fits but for words that are longer than the terminal. */
    private List<String> run(int code, String... arguments) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        OutputStream out = Terminal.wrap(bytes, Terminal.OUT);
        PrintWriter writer = new PrintWriter(out, true, StandardCharsets.UTF_8);
        assertThat(Main.run(writer, writer, arguments))
                .as(() -> bytes.toString(StandardCharsets.UTF_8))
                .isEqualTo(code);
        List<String> lines = bytes.toString(StandardCharsets.UTF_8)
                .replaceAll("\033\\[[0-9;]*[A-Za-z]", "")
                .replace('\r', '\n')
                .lines()
                .toList();
        assertThat(lines).isNotEmpty().allSatisfy(line -> assertThat(line.codePointCount(0, line.length()))
                .as(line)
                .matches(length -> length <= columns || !line.strip().contains(" ")));
        return lines;
    }

    @ParameterizedTest
    @ValueSource(ints = {60, 80, 120})
    void theHelpFits(int width) {
        terminal(width);
        run(2);
        run(0, "--help");
        COMMANDS.forEach(command -> run(0, command, "--help"));
    }

    @Test
    void helpThatIsPipedHasEightyColumns() {
        columns = Terminal.PIPED_HELP;
        COMMANDS.forEach(command -> run(0, command, "--help"));
    }

    private Path table(String name, boolean classes) throws IOException {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            csv.append("feature number ").append(i).append(',');
        }
        csv.append("label\n");
        for (int row = 0; row < 400; row++) {
            for (int i = 0; i < 20; i++) {
                csv.append(random.nextGaussian()).append(',');
            }
            csv.append(classes ? "the class of number " + row % 17 : Integer.toString(row))
                    .append('\n');
        }
        return Files.writeString(directory.resolve(name), csv);
    }

    @ParameterizedTest
    @ValueSource(ints = {80, 120})
    void commandsFit(int width) throws IOException {
        terminal(width);
        for (boolean classes : new boolean[] {true, false}) {
            String data = table("t.csv", classes).toString();
            String out = directory.resolve(classes ? "c" : "r").toString();
            List<String> train = new ArrayList<>(List.of("train", "--data", data, "--out", out, "--overwrite"));
            train.addAll(List.of("--epochs", "3", "--test", "20%", "--validation", "20%"));
            assertThat(run(0, train.toArray(new String[0]))).anyMatch(line -> line.contains("validation loss"));
            train.addAll(List.of("--verbose", "--schedule", "cosine"));
            run(0, train.toArray(new String[0]));
            run(0, "inspect", out);
            run(0, "evaluate", "--model", out, "--data", data);
            run(0, "check-gradient", "--data", data, "--activation", "tanh");
            run(0, "find-learning-rate", "--data", data, "--steps", "30", "--overwrite", "--out", out + ".csv");
            run(2, "evaluate", "--model", out, "--data", data, "--metrics", "no-such-metric");
            run(2, "train", "--data", data, "--out", out);
        }
    }
}
