package dev.backdraft.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** JSON of people: what it may hold, and how faults in it are named. */
class JsonTextTest {
    @Test
    void mayHaveCommentsAndAComma() {
        ObjectNode json = JsonText.read(
                """
                // how to train
                {
                  "epochs": 3, /* few */
                  "metrics": ["f1", "auc",], // all of them
                }
                """);
        assertThat(json.get("epochs").intValue()).isEqualTo(3);
        assertThat(json.get("metrics")).hasSize(2);
    }

    @Test
    void writesWhatItReads() {
        ObjectNode json = JsonText.read("{\"a\": {\"b\": [1, 2.5, \"ü\"]}, \"c\": null, \"d\": true}");
        assertThat(JsonText.read(JsonText.write(json))).isEqualTo(json);
        assertThat(JsonText.write(json)).startsWith("{\n  \"a\" : {\n    \"b\" : [ 1, 2.5, \"ü\" ]\n  },\n");
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                Arguments.of("{\"a\": 1,\n \"b\": 2,\n \"a\": 3}", "line 3, column "),
                Arguments.of("{\"a\": 1,\n \"b\" 2}", "line 2, column "),
                Arguments.of("{\"a\": [1, 2}", "line 1, column "),
                Arguments.of("{\"a\": 1} {\"b\": 2}", "line 1, column "),
                Arguments.of("{\"a\": NaN}", "NaN"),
                Arguments.of("[1, 2]", "not a JSON object"),
                Arguments.of("", "not a JSON object"));
    }

    @ParameterizedTest
    @MethodSource("faults")
    void saysWhereItIsWrong(String text, String message) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonText.read(text))
                .withMessageContaining(message);
    }

    @Test
    void namesTheKeyThatIsThereTwice() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> JsonText.read("{\"seed\": 1, \"seed\": 2}"))
                .withMessageContaining("seed");
    }

    @Test
    void refusesATextThatIsTooDeep() {
        assertThatIllegalArgumentException().isThrownBy(() -> JsonText.read("{\"a\": " + "[".repeat(10_000)));
    }
}
