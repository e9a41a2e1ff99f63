package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Documentation, help, messages and Javadoc contain none of the phrases that a native writer would not use. */
class PlainEnglishTest {
    private static final Path ROOT = Path.of("..");

    /** A phrase that is not allowed, and what to write instead. */
    private static final Map<String, String> INSTEAD = Map.ofEntries(
            Map.entry("likewise", "say it again in full"),
            Map.entry("anew", "again, or from scratch"),
            Map.entry("usual values?|as usual", "default"),
            Map.entry("by itself", "default, or automatically"),
            Map.entry("\\| left out \\|", "default"),
            Map.entry("(workers|tasks) that stay", "resident workers"),
            Map.entry("jobs? a step", "one Spark job per step"),
            Map.entry("by how (many|much)", "the number of, the factor, the amount"),
            Map.entry("(like|as) so many|so many rows", "as n rows"),
            Map.entry("(is|are|was|were) given up", "is released, is abandoned"),
            Map.entry("mend(s|ed|ing)?", "fix"),
            Map.entry("stands?(?! (for|out|alone|by|still)\\b)", "is"),
            Map.entry("what came of", "the result of"),
            Map.entry("in front of", "before"),
            Map.entry("behind", "after"),
            Map.entry("no chains?", "networks with branches"),
            Map.entry("as (it|they) likes? (it|them)", "as it recommends"),
            Map.entry("takes up what", "updates"),
            Map.entry("true mini-batch(es)?", "mini-batch training"),
            Map.entry("data that lies", "data"),
            Map.entry("a step: %?d", "step: n rows in n lanes"),
            Map.entry("(a|of) ones? own|one's own", "your own"),
            Map.entry("go(es)? by the (data|rows|labels|name)", "depends on"),
            // without a bound, each look back would be over the whole page
            Map.entry("(?<!there\\s{1,9})(is|are) no (number|pattern|class|file)s?", "is not a"));

    /**
     * Right uses of a forbidden phrase: a part of the source's path, and words around the phrase. Each needs a comment that
     * says
     * why; none is needed now.
     */
    private static final List<Allowed> ALLOWED = List.of();

    private record Allowed(String source, String words) {}

    private static final Pattern FORBIDDEN = Pattern.compile(
            "(?<![\\w-])(" + String.join("|", INSTEAD.keySet()).replace(" ", "\\s+") + ")(?![\\w-])",
            Pattern.CASE_INSENSITIVE);

    private static final Pattern OPTION_IN_TEXT = Pattern.compile("\"[^\"]*(?<![a-zA-Z-])--[a-z]");

    @Test
    void theDocumentationIsPlainEnglish() throws IOException {
        List<Path> pages = files(ROOT, ".md");
        assertThat(pages).hasSizeGreaterThan(15);
        List<String> found = new ArrayList<>();
        for (Path page : pages) {
            String text = Files.readString(page);
            found.addAll(found(ROOT.relativize(page).toString(), 1, text));
        }
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "spark-driver", "examples", "benchmarks"})
    void javadocAndMessagesArePlainEnglish(String module) throws IOException {
        List<Path> sources = files(ROOT.resolve(module).resolve("src/main"), ".java");
        assertThat(sources).hasSizeGreaterThan(10);
        List<String> found = new ArrayList<>();
        for (Path source : sources) {
            for (JavaProse.Piece piece : JavaProse.of(Files.readString(source))) {
                found.addAll(found(ROOT.relativize(source).toString(), piece.line(), piece.text()));
            }
        }
        assertThat(found).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "train", "evaluate", "predict", "inspect", "find-learning-rate", "check-gradient", "demo"})
    void theHelpIsPlainEnglish(String command) {
        StringWriter out = new StringWriter();
        String[] arguments =
                Stream.of(command, "--help").filter(word -> !word.isEmpty()).toArray(String[]::new);
        assertThat(Main.run(new PrintWriter(out, true), new PrintWriter(out, true), arguments))
                .isZero();
        assertThat(found("backdraft " + command, 1, out.toString().replaceAll("[ \\t]+", " ")))
                .isEmpty();
    }

    /** Its users may have no command line; the command line adds its options (Advice). */
    @Test
    void messagesOfCoreNameNoOption() throws IOException {
        List<String> found = new ArrayList<>();
        for (Path file : files(ROOT.resolve("core/src/main/java"), ".java")) {
            for (String line : Files.readAllLines(file)) {
                boolean ofJava = line.contains("--add-modules"); // as of the java command itself
                if (!ofJava && OPTION_IN_TEXT.matcher(line).find()) {
                    found.add(file + ": " + line.strip());
                }
            }
        }
        assertThat(found).isEmpty();
    }

    @Test
    void theLaunchersSpeakPlainEnglish() throws IOException {
        List<String> found = new ArrayList<>();
        for (String script : List.of(
                "backdraft",
                "examples/run",
                "benchmarks/run",
                "docker/Dockerfile",
                "docker/compose.yaml",
                "docker/make-secret",
                "docker/kubernetes/submit",
                "docker/kubernetes/base.yaml",
                "docker/kubernetes/files-pod.yaml",
                "docker/kubernetes/driver-pod.yaml",
                "docker/kubernetes/executor-pod.yaml",
                "docker/kubernetes/spark-application.yaml")) {
            found.addAll(found(script, 1, Files.readString(ROOT.resolve(script))));
        }
        assertThat(found).isEmpty();
    }

    /** Where forbidden phrases are, also those that a line break divides. */
    private static List<String> found(String source, int firstLine, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = FORBIDDEN.matcher(text);
        while (matcher.find()) {
            String phrase = matcher.group().replaceAll("\\s+", " ");
            String around = text.substring(
                            Math.max(0, matcher.start() - 30), Math.min(text.length(), matcher.end() + 30))
                    .replaceAll("\\s+", " ");
            if (ALLOWED.stream().noneMatch(one -> source.contains(one.source()) && around.contains(one.words()))) {
                int line = firstLine
                        + (int) text.substring(0, matcher.start())
                                .chars()
                                .filter(c -> c == '\n')
                                .count();
                found.add(source + ":" + line + ": '" + phrase + "' in '" + around + "': write " + instead(phrase));
            }
        }
        return found;
    }

    private static String instead(String phrase) {
        return INSTEAD.entrySet().stream()
                .filter(entry -> Pattern.compile(entry.getKey(), Pattern.CASE_INSENSITIVE)
                        .matcher(phrase)
                        .find())
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse("it another way");
    }

    /** Files with this ending, without those of builds. */
    private static List<Path> files(Path directory, String ending) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            return paths.filter(path ->
                            path.toString().endsWith(ending) && !path.toString().contains("target"))
                    .sorted()
                    .toList();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
