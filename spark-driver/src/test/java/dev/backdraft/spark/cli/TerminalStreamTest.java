package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TerminalStreamTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    private String printed(int width, String text) {
        try (PrintStream out = new PrintStream(new TerminalStream(bytes, width), true, StandardCharsets.UTF_8)) {
            out.print(text);
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aLongLineContinuesIndented() {
        assertThat(
                        printed(
                                40,
                                "  each step trains on 100 rows in 2 lanes, which 2 resident workers compute in parallel\nend\n"))
                .isEqualTo(
                        """
                          each step trains on 100 rows in 2
                            lanes, which 2 resident workers
                            compute in parallel
                        end
                        """);
    }

    @Test
    void charactersCountNotBytes() {
        String exact = "–".repeat(10) + " " + "λ".repeat(9) + "\n";
        assertThat(printed(20, exact)).isEqualTo(exact);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/a/path/that/is/longer/than/the/terminal\n",
                "{\"text\": \"a line of JSON is for a program\"}\n",
                "\tat dev.backdraft.spark.cli.Main.main(Main.java:1) ~[a jar]\n",
                "\r\033[K  epoch 3 [####............................] \r\033[K",
                "   \n"
            })
    void whatMustStayWholeDoes(String text) {
        assertThat(printed(20, text)).isEqualTo(text);
    }

    @Test
    void aPathThatIsTooLongHasItsOwnLine() {
        assertThat(printed(20, "no such file: /a/path/that/is/longer/than/that here\n"))
                .isEqualTo("no such file:\n  /a/path/that/is/longer/than/that\n  here\n");
    }
}
