package dev.backdraft.spark.ml;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The list of what Spark expects names each of these tests, and no others. */
class ExpectationsDocTest {
    private static final Path LIST = Path.of("../docs/spark-ml-expectations.md");
    private static final Pattern NAMED = Pattern.compile("`(\\w+)\\.(\\w+)`");
    private static final List<Class<?>> TESTS = List.of(
            ParamExpectationsTest.class,
            ClassifierExpectationsTest.class,
            RegressorExpectationsTest.class,
            InputExpectationsTest.class,
            FitExpectationsTest.class,
            WeightExpectationsTest.class,
            PersistenceExpectationsTest.class,
            StreamingExpectationsTest.class);

    @Test
    void everyTestIsListedAndEveryListedTestIsThere() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (Class<?> type : TESTS) {
            for (Method method : type.getDeclaredMethods()) {
                if (method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class)) {
                    tests.add(type.getSimpleName().replace("ExpectationsTest", "") + "." + method.getName());
                }
            }
        }
        Set<String> listed = NAMED.matcher(Files.readString(LIST))
                .results()
                .map(MatchResult::group)
                .map(name -> name.replace("`", ""))
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(listed).isEqualTo(tests);
    }
}
