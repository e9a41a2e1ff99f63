package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OptionsTest {
    private static final Options OPTIONS = Options.of("--rate 0.5 --epochs 10 --units 3,5");
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    @Test
    void argumentsOverlayTheDefaults() throws IOException {
        assertThat(run("--rate", "0.25", "--units", "1, 2")).isZero();
        assertThat(OPTIONS.with("--rate", "2").positive("rate")).isEqualTo(2);
        assertThat(OPTIONS.with("--rate", "2").integer("epochs", 1)).isEqualTo(10);
        assertThat(OPTIONS.with("--units", "1, 2").integers("units", 1)).containsExactly(1, 2);
        assertThat(OPTIONS.with("--rate", "1,0.5").positives("rate")).containsExactly(1, 0.5);
    }

    @ParameterizedTest
    @CsvSource({
        "--speed, 1, unknown option '--speed'",
        "rate, 1, unknown option 'rate'",
        "--rate, fast, --rate must be a number: 'fast'",
        "--rate, 0, --rate must be a number above 0: '0'",
        "--rate, NaN, --rate must be a number: 'NaN'",
        "--epochs, 0, --epochs must be a whole number of at least 1: '0'",
        "--epochs, 1.5, --epochs must be a whole number of at least 1: '1.5'",
        "--units, 3;5, --units must be a whole number of at least 1: '3;5'"
    })
    void wrongArgumentsGiveOneLineAndExitCodeTwo(String name, String value, String message) throws IOException {
        assertThat(run(name, value)).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).startsWith(message).hasLineCount(1);
    }

    @Test
    void aMissingValueIsTold() throws IOException {
        assertThat(run("--rate")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8)).startsWith("--rate needs a value, as in --rate 0.5");
    }

    private int run(String... arguments) throws IOException {
        PrintStream err = new PrintStream(errors, true, StandardCharsets.UTF_8);
        return OPTIONS.run(arguments, System.out, err, (options, out) -> {
            assertThat(options.positive("rate")).isPositive();
            assertThat(options.integer("epochs", 1)).isPositive();
            assertThat(options.integers("units", 1)).isNotEmpty();
        });
    }
}
