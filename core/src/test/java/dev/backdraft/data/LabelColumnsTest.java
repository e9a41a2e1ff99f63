package dev.backdraft.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Lists of names. */
class LabelColumnsTest {
    @Test
    void aNameWithACommaIsInQuotes() {
        assertThat(LabelColumns.split("id,\"town, state\",age")).containsExactly("id", "town, state", "age");
        assertThat(LabelColumns.split("\"a \"\"b\"\", c\",d")).containsExactly("a \"b\", c", "d");
        assertThat(LabelColumns.find(List.of("id", "town, state"), "\"town, state\",id", "to ignore"))
                .containsExactly(1, 0);
    }

    @Test
    void quotesThatDoNotEndANameAreItsOwn() {
        assertThat(LabelColumns.split("5\",\"a\"b,\"c")).containsExactly("5\"", "\"a\"b", "\"c");
        assertThat(LabelColumns.split("a,,b,")).containsExactly("a", "", "b", "");
        assertThat(LabelColumns.split("")).containsExactly("");
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "town, state", "\"a\"", "5\"", "a \"b\", c", ",", "\"", ""})
    void whatIsJoinedIsSplitAgain(String name) {
        List<String> names = List.of(name, "x", name + "2");
        assertThat(LabelColumns.split(LabelColumns.join(names))).isEqualTo(names);
    }
}
