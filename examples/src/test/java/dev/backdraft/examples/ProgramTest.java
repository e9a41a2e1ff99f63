package dev.backdraft.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine.Option;

class ProgramTest {
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final ByteArrayOutputStream errors = new ByteArrayOutputStream();

    static final class Options {
        @Option(names = "--rate", defaultValue = "0.5", description = "learning rate")
        @Positive
        double rate;

        @Option(names = "--epochs", defaultValue = "10", description = "epochs of each training")
        @AtLeast(1)
        int epochs;

        @Option(names = "--units", defaultValue = "3,5", split = ", *", description = "units of each layer")
        @AtLeast(1)
        int[] units;

        @Option(names = "--x", defaultValue = "0", description = "any number")
        double x;
    }

    @Test
    void argumentsOverlayTheDefaults() {
        Options options = new Options();
        assertThat(run(options, "--rate", "0.25", "--units", "1, 2", "--x", "-2"))
                .isZero();
        assertThat(options.rate).isEqualTo(0.25);
        assertThat(options.epochs).isEqualTo(10);
        assertThat(options.units).containsExactly(1, 2);
        assertThat(options.x).isEqualTo(-2);
    }

    @Test
    void theLastOfTwoValuesCounts() {
        Options options = new Options();
        assertThat(run(options, "--rate", "1", "--rate=2")).isZero();
        assertThat(options.rate).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({
        "--speed, 1, 'Unknown options: ''--speed'', ''1'''",
        "rate, 1, 'Unmatched arguments from index 0: ''rate'', ''1'''",
        "--rate, fast, Invalid value for option '--rate': 'fast' is not a double",
        "--rate, 0, --rate must be above 0: '0.0'",
        "--rate, NaN, --rate must be a number: 'NaN'",
        "--x, Infinity, --x must be a number: 'Infinity'",
        "--epochs, 0, --epochs must be at least 1: '0'",
        "--epochs, 1.5, Invalid value for option '--epochs': '1.5' is not an int",
        "--units, '1,0', --units must be at least 1: '0'",
        "--units, 3;5, Invalid value for option '--units' (<units>): '3;5' is not an int"
    })
    void wrongArgumentsGiveOneLineAndExitCodeTwo(String name, String value, String message) {
        assertThat(run(new Options(), name, value)).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith(message)
                .endsWith("; --help shows all options" + System.lineSeparator())
                .hasLineCount(1);
    }

    @Test
    void aMissingValueIsNamed() {
        assertThat(run(new Options(), "--rate")).isEqualTo(2);
        assertThat(errors.toString(StandardCharsets.UTF_8))
                .startsWith("Missing required parameter for option '--rate'");
    }

    @Test
    void helpShowsTheOptionsWithTheirDefaults() {
        assertThat(run(new Options(), "--help")).isZero();
        assertThat(printed.toString(StandardCharsets.UTF_8))
                .contains(
                        "Usage: examples/run ProgramTest",
                        "--epochs=<epochs>",
                        "epochs of each training",
                        "Default: 3,5");
    }

    private int run(Options options, String... arguments) {
        return Program.run(
                arguments,
                new PrintStream(printed, true, StandardCharsets.UTF_8),
                new PrintStream(errors, true, StandardCharsets.UTF_8),
                options,
                (given, out) -> assertThat(given.rate).isPositive());
    }
}
