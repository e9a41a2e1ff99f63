package dev.backdraft.json;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.util.regex.Pattern;

/** Says what is wrong with JSON without the names of the parser's classes and settings. */
public final class JsonWords {
    private static final Pattern ASIDE =
            Pattern.compile(" ?\\((?:code|start marker|for )[^()]*(?:\\([^()]*\\)[^()]*)*\\)");
    private static final Pattern INTERNAL =
            Pattern.compile("Feature|Source|REDACTED|com\\.fasterxml|Stream[A-Z]|\\bas [a-z]+Exception|POJO");

    private JsonWords() {}

    /** What is wrong, in words. */
    public static String of(JsonProcessingException fault) {
        String message = String.valueOf(fault.getOriginalMessage());
        if (fault instanceof JsonEOFException) {
            return "the text is incomplete: a bracket, a quote or a value is missing";
        }
        if (fault instanceof StreamConstraintsException) {
            return message.contains("depth")
                    ? "objects and lists are nested too deeply"
                    : "a name, text or number is too long";
        }
        if (message.startsWith("Trailing token")) {
            return "there is more text after the end of the object";
        }
        if (message.contains("ALLOW_NON_NUMERIC_NUMBERS") || message.contains("Non-standard token")) {
            return "NaN and Infinity are not JSON numbers";
        }
        String line = message.lines()
                .findFirst()
                .orElse("")
                .replaceAll("\\(\\(CTRL-CHAR, code \\d+\\)\\)", "(a control character)");
        String first = ASIDE.matcher(line).replaceAll("");
        String kept = first.split("[;:,] (?:enable|to enable|use )", 2)[0];
        return kept.isBlank() || INTERNAL.matcher(kept).find() ? "this is not JSON" : kept;
    }
}
