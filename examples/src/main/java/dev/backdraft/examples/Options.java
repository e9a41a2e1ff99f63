package dev.backdraft.examples;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The options of an example, {@code --name value}, each with a default that also tells what is expected. A wrong one makes {@link
 * #run} print one line and return 2. Immutable.
 */
final class Options {
    /** What an example does; throws IllegalArgumentException where an option's value is wrong. */
    @FunctionalInterface
    interface Example {
        void run(Options options, PrintStream out) throws IOException;
    }

    private static final int WRONG_USE = 2;

    private final Map<String, String> values;

    private Options(Map<String, String> values) {
        this.values = values;
    }

    /** Options with these defaults, as in {@code "--rate 0.25 --epochs 100"}. */
    static Options of(String defaults) {
        Map<String, String> values = new LinkedHashMap<>();
        String[] words = defaults.split(" ", -1);
        for (int i = 0; i < words.length; i += 2) {
            values.put(words[i].substring(2), words[i + 1]);
        }
        return new Options(values);
    }

    /** Runs an example with the arguments of its main, and ends the program with exit code 2 when they are wrong. */
    void main(String[] arguments, Example example) throws IOException {
        int code = run(arguments, System.out, System.err, example);
        if (code != 0) {
            System.exit(code);
        }
    }

    /** Runs an example with these arguments over the defaults; returns the exit code. */
    int run(String[] arguments, PrintStream out, PrintStream err, Example example) throws IOException {
        try {
            example.run(with(arguments), out);
            return 0;
        } catch (IllegalArgumentException e) {
            err.println(e.getMessage());
            return WRONG_USE;
        }
    }

    /** These options, changed as the arguments say. */
    Options with(String... arguments) {
        Map<String, String> changed = new LinkedHashMap<>(values);
        for (int i = 0; i < arguments.length; i += 2) {
            String name = arguments[i].startsWith("--") ? arguments[i].substring(2) : "";
            if (!values.containsKey(name)) {
                throw new IllegalArgumentException("unknown option '" + arguments[i] + "': use " + usage());
            }
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(arguments[i] + " needs a value, as in " + usage());
            }
            changed.put(name, arguments[i + 1]);
        }
        return new Options(changed);
    }

    private String usage() {
        List<String> parts = new ArrayList<>();
        values.forEach((name, value) -> parts.add("--" + name + " " + value));
        return String.join(" ", parts);
    }

    String text(String name) {
        return values.get(name);
    }

    /** A whole number, at least {@code least}. */
    int integer(String name, int least) {
        try {
            int value = Integer.parseInt(text(name));
            if (value >= least) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException(
                "--" + name + " must be a whole number of at least " + least + ": '" + text(name) + "'");
    }

    /** Whole numbers of at least {@code least} with commas between them. */
    List<Integer> integers(String name, int least) {
        List<Integer> integers = new ArrayList<>();
        for (String part : text(name).split(",", -1)) {
            integers.add(new Options(Map.of(name, part.strip())).integer(name, least));
        }
        return integers;
    }

    /** A number above 0. */
    double positive(String name) {
        double value = number(name);
        if (value > 0) {
            return value;
        }
        throw new IllegalArgumentException("--" + name + " must be a number above 0: '" + text(name) + "'");
    }

    /** A number of at least 0. */
    double notNegative(String name) {
        double value = number(name);
        if (value >= 0) {
            return value;
        }
        throw new IllegalArgumentException("--" + name + " must be at least 0: '" + text(name) + "'");
    }

    /** Any number. */
    double number(String name) {
        try {
            double value = Double.parseDouble(text(name));
            if (Double.isFinite(value)) {
                return value;
            }
        } catch (NumberFormatException e) {
            // told below
        }
        throw new IllegalArgumentException("--" + name + " must be a number: '" + text(name) + "'");
    }

    /** Numbers with commas between them. */
    double[] numbers(String name) {
        String[] parts = text(name).split(",", -1);
        double[] numbers = new double[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = new Options(Map.of(name, parts[i].strip())).number(name);
        }
        return numbers;
    }

    /** Numbers above 0 with commas between them. */
    double[] positives(String name) {
        for (String part : text(name).split(",", -1)) {
            new Options(Map.of(name, part.strip())).positive(name);
        }
        return numbers(name);
    }

    Path path(String name) {
        try {
            return Path.of(text(name));
        } catch (InvalidPathException e) {
            throw new IllegalArgumentException("--" + name + " is no path: " + e.getMessage(), e);
        }
    }
}
