package dev.backdraft.benchmarks.peer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The arguments of a peer: {@code --name value} each. */
final class Arguments {
    private final Map<String, String> values = new HashMap<>();

    Arguments(String... words) {
        if (words.length % 2 != 0) {
            throw new IllegalArgumentException("expected '--name value' pairs, not " + List.of(words));
        }
        for (int i = 0; i < words.length; i += 2) {
            if (!words[i].startsWith("--")) {
                throw new IllegalArgumentException("expected '--name', not '" + words[i] + "'");
            }
            values.put(words[i].substring(2), words[i + 1]);
        }
    }

    String text(String name) {
        String value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("--" + name + " is missing");
        }
        return value;
    }

    String text(String name, String otherwise) {
        return values.getOrDefault(name, otherwise);
    }

    int number(String name) {
        return Integer.parseInt(text(name));
    }

    /** Numbers with commas between. */
    List<Integer> numbers(String name) {
        return Stream.of(text(name).split(",", -1)).map(Integer::valueOf).toList();
    }
}
