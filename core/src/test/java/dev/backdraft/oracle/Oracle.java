package dev.backdraft.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.backdraft.linalg.Matrix;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.DynamicTest;

/**
 * Reference numbers that other programs computed in float64 (PyTorch, mpmath, numpy): compressed JSON files among the test
 * resources. Their README says where they come from.
 */
final class Oracle {
    /** What float32 can be held to. */
    static final double RELATIVE = 2e-4;

    static final double ABSOLUTE = 1e-6;

    private Oracle() {}

    /** A file of {@code src/test/resources/oracle}, named without {@code .gz}. */
    static JsonNode read(String name) {
        try (InputStream stored = Oracle.class.getResourceAsStream("/oracle/" + name + ".gz")) {
            return new ObjectMapper().readTree(new GZIPInputStream(Objects.requireNonNull(stored, name)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * One test for each case that is ours; there must be some.
     *
     * @param list of cases in the file
     * @param test of (the whole file, the case)
     */
    static Stream<DynamicTest> cases(
            String name, String list, Predicate<JsonNode> ours, BiConsumer<JsonNode, JsonNode> test) {
        JsonNode file = read(name);
        List<DynamicTest> tests = new ArrayList<>();
        for (JsonNode one : file.get(list)) {
            if (ours.test(one)) {
                String title = one.path("name").asText(list) + " " + tests.size();
                tests.add(DynamicTest.dynamicTest(title, () -> test.accept(file, one)));
            }
        }
        assertThat(tests).as("cases of %s that are ours", name).isNotEmpty();
        return tests.stream();
    }

    /** A number, or a list of numbers however deeply nested, in order: a list of rows is our matrix with a row a column. */
    static double[] numbers(JsonNode node) {
        List<Double> found = new ArrayList<>();
        collect(node, found);
        return found.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void collect(JsonNode node, List<Double> found) {
        if (node.isArray()) {
            node.forEach(child -> collect(child, found));
        } else {
            found.add(node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble());
        }
    }

    /** {@link #numbers}, rounded. */
    static float[] floats(JsonNode node) {
        double[] numbers = numbers(node);
        float[] floats = new float[numbers.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) numbers[i];
        }
        return floats;
    }

    /** A list of rows as [row length × rows]. */
    static Matrix batch(JsonNode rows) {
        return new Matrix(floats(rows), 0, rows.get(0).size(), rows.size());
    }

    static void assertClose(String what, float[] actual, double[] expected, double relative) {
        assertThat(actual).as(what).hasSameSizeAs(expected);
        for (int i = 0; i < expected.length; i++) {
            assertClose(what + "[" + i + "]", actual[i], expected[i], relative);
        }
    }

    static void assertClose(String what, double actual, double expected, double relative) {
        assertThat(actual).as(what).isCloseTo(expected, within(ABSOLUTE + relative * Math.abs(expected)));
    }
}
