package dev.backdraft.spark.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.databind.JsonNode;
import dev.backdraft.json.JsonText;
import dev.backdraft.network.NetworkJson;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.apache.spark.sql.catalyst.parser.CatalystSqlParser;
import org.junit.jupiter.api.Test;

/**
 * Every code block of README and docs is checked: by this test, by {@link DocumentationJavaTest}, and those of the
 * containers by the module docker.
 */
class DocumentationCodeTest {
    private static final Path ROOT = DocumentationBlocks.ROOT;

    /** The languages that are checked, and {@code text}: drawings and what programs print. */
    private static final Set<String> LANGUAGES =
            Set.of("java", "sh", "console", "json", "sql", "properties", "xml", "text");

    /** Commands of other projects, of which only the names of our files are checked. */
    private static final Set<String> OTHERS = Set.of(
            "cd",
            "docker",
            "docker/make-secret",
            "./make-secret",
            "docker/kubernetes/submit",
            "kubectl",
            "helm",
            "export",
            "gunzip",
            "javac",
            "java",
            "jar",
            "$SPARK_HOME/bin/spark-shell",
            "mkdir",
            "sed",
            "$SPARK_HOME/bin/spark-class",
            "$SPARK_HOME/sbin/start-master.sh",
            "$SPARK_HOME/sbin/start-worker.sh",
            "$SPARK_HOME/sbin/stop-worker.sh",
            "$SPARK_HOME/sbin/stop-master.sh",
            "$SPARK_HOME/sbin/start-connect-server.sh",
            "classpath=$(ls",
            "log=-Dlog4j2.configurationFile=spark-driver/src/main/launcher/log4j2.properties");

    private static final Set<String> COMMANDS =
            Set.of("train", "evaluate", "predict", "inspect", "find-learning-rate", "check-gradient", "demo");

    /** Options of programs other than ours that the pages name. */
    private static final Set<String> FOREIGN_OPTIONS = Set.of(
            "--conf",
            "--packages",
            "--jars",
            "--add-modules",
            "--driver-java-options",
            "--spill",
            "--estimators",
            "--jmh");

    @Test
    void everyBlockHasALanguageThatIsChecked() throws IOException {
        assertThat(DocumentationBlocks.all())
                .hasSizeGreaterThan(40)
                .allSatisfy(block -> assertThat(LANGUAGES).as(block.place()).contains(block.language()));
    }

    @Test
    void everyCommandIsUnderstood() throws IOException {
        int commands = 0;
        for (DocumentationBlocks.Block block : DocumentationBlocks.all()) {
            for (String line : commandLines(block)) {
                check(block.place() + ": " + line, words(line));
                commands++;
            }
        }
        assertThat(commands).isGreaterThan(50);
    }

    /** The commands of a block, without comments, each on one line. */
    private static List<String> commandLines(DocumentationBlocks.Block block) {
        String joined = block.text().replaceAll("\\\\\n\\s*", " ");
        Stream<String> lines =
                switch (block.language()) {
                    case "sh" -> joined.lines();
                    case "console" ->
                        joined.lines().filter(line -> line.startsWith("$ ")).map(line -> line.substring(2));
                    default -> Stream.of();
                };
        return lines.map(line -> line.replaceFirst("\\s+# .*", "").strip())
                .filter(line -> !line.isEmpty())
                .toList();
    }

    private static List<String> words(String line) {
        return Arrays.stream(line.split("\\s+", -1))
                .map(word -> word.replaceAll("^['\"]|['\"]$", ""))
                .toList();
    }

    private static void check(String place, List<String> all) {
        List<String> words = all;
        while (words.get(0).matches("[A-Z_]+=.*")) {
            words = words.subList(1, words.size());
        }
        List<String> arguments = words.subList(1, words.size());
        switch (words.get(0)) {
            case "./backdraft" -> parse(place, arguments);
            case "spark-submit", "$SPARK_HOME/bin/spark-submit" -> {
                int jar = 0;
                while (jar < arguments.size() && !arguments.get(jar).endsWith("-all.jar")) {
                    jar++;
                }
                boolean isOfAnotherProgram = jar > 0 && arguments.get(jar - 1).equals("--jars");
                if (jar < arguments.size() && !isOfAnotherProgram) {
                    parse(place, arguments.subList(jar + 1, arguments.size()));
                }
            }
            case "./mvnw" -> checkMaven(place, arguments);
            case "examples/run" -> checkExample(place, arguments);
            case "benchmarks/run" -> checkBenchmark(place, arguments);
            default -> assertThat(OTHERS).as(place).contains(words.get(0));
        }
        for (String word : words) {
            checkFile(place, word);
        }
    }

    /** Sees that the command line takes these arguments; nothing runs, as --help ends each command. */
    private static void parse(String place, List<String> arguments) {
        if (arguments.equals(List.of("--version")) || arguments.equals(List.of("--help"))) {
            return;
        }
        assertThat(COMMANDS).as(place).contains(arguments.get(0));
        StringWriter err = new StringWriter();
        String[] withHelp =
                Stream.concat(arguments.stream(), Stream.of("--help")).toArray(String[]::new);
        assertThat(Main.run(new PrintWriter(new StringWriter()), new PrintWriter(err, true), withHelp))
                .as(place + "\n" + err)
                .isZero();
    }

    private static void checkMaven(String place, List<String> arguments) {
        StringBuilder poms = new StringBuilder(read(ROOT.resolve("pom.xml")));
        for (int i = 0; i < arguments.size(); i++) {
            if (arguments.get(i).equals("-pl")) {
                for (String module : arguments.get(i + 1).split(",", -1)) {
                    poms.append(read(ROOT.resolve(module).resolve("pom.xml")));
                }
            }
        }
        for (String word : arguments) {
            if (word.startsWith("-P")) {
                assertThat(poms.toString().contains("<id>" + word.substring(2) + "</id>"))
                        .as(place)
                        .isTrue();
            }
        }
    }

    private static void checkExample(String place, List<String> arguments) {
        String source = read(
                ROOT.resolve("examples/src/main/java/dev/backdraft/examples").resolve(arguments.get(0) + ".java"));
        assertThat(source).as(place).contains("void main(String");
        assertThat(options(arguments)).as(place).allSatisfy(option -> assertThat(source)
                .contains("@Option(names = \"" + option + "\""));
    }

    private static void checkBenchmark(String place, List<String> arguments) {
        StringBuilder sources = new StringBuilder(read(ROOT.resolve("benchmarks/run")));
        try (Stream<Path> files = Files.walk(ROOT.resolve("benchmarks/src/main/java"))) {
            files.filter(file -> file.toString().endsWith(".java")).forEach(file -> sources.append(read(file)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (String option : options(arguments)) {
            assertThat(sources.indexOf(option)).as(place + ": " + option).isPositive();
        }
    }

    private static List<String> options(List<String> arguments) {
        return arguments.stream().filter(word -> word.startsWith("--")).toList();
    }

    /** A file of the repository exists, unless the build, a training or the reader makes it. */
    private static void checkFile(String place, String word) {
        String path = word.replaceFirst("^[^/]*=", "");
        boolean ours = path.matches("(core|spark-driver|docs|examples|benchmarks|docker)/[\\w./-]+");
        if (ours && !path.contains("/target/")) {
            assertThat(ROOT.resolve(path)).as(place).exists();
        }
    }

    @Test
    void everyOptionThatAPageNamesExists() throws IOException {
        Set<String> known = new TreeSet<>(FOREIGN_OPTIONS);
        for (String command : COMMANDS) {
            StringWriter out = new StringWriter();
            Main.run(new PrintWriter(out, true), new PrintWriter(out, true), command, "--help");
            known.addAll(found("--[a-z][a-z0-9-]+", out.toString()));
            for (String option : found("(?<=--\\[no-])[a-z-]+", out.toString())) {
                known.add("--" + option);
            }
        }
        for (String page : List.of(
                "README.md",
                "docs/command-line.md",
                "docs/configuration.md",
                "docs/concepts.md",
                "docs/monitoring.md",
                "docs/losses-and-formulas.md")) {
            String prose = Files.readString(ROOT.resolve(page)).replaceAll("(?s)```.*?```", "");
            Set<String> named = found("(?<=[`\\s(])--[a-z][a-z0-9-]+", prose);
            named.removeAll(known);
            named.removeIf(option -> option.startsWith("--no-"));
            assertThat(named).as(page).isEmpty();
        }
    }

    private static Set<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(MatchResult::group)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void everyClassThatAPageNamesExists() throws IOException {
        for (Path page : DocumentationBlocks.pages()) {
            for (String name : found("dev\\.backdraft(\\.[a-z]+)+\\.[A-Z]\\w*", Files.readString(page))) {
                if (!name.contains(".examples.") && !name.contains(".benchmarks.")) {
                    assertThatCode(() -> Class.forName(name))
                            .as(page + ": " + name)
                            .doesNotThrowAnyException();
                }
            }
        }
    }

    @Test
    void everyLinkBetweenPagesLeadsSomewhere() throws IOException {
        for (Path page : DocumentationBlocks.pages()) {
            for (String link : found("(?<=]\\()(?!https?:)[^)]+(?=\\))", Files.readString(page))) {
                String[] parts = link.split("#", 2);
                Path target = parts[0].isEmpty()
                        ? page
                        : page.resolveSibling(parts[0]).normalize();
                assertThat(target).as(page + ": " + link).exists();
                if (parts.length > 1) {
                    assertThat(anchors(target)).as(page + ": " + link).contains(parts[1]);
                }
            }
        }
    }

    /** The anchors of a page's headings, as GitHub makes them, and those that it names itself. */
    private static Set<String> anchors(Path page) throws IOException {
        String text = Files.readString(page);
        Set<String> anchors = new HashSet<>(found("(?<=<a id=\")[^\"]+", text));
        text.lines()
                .filter(line -> line.startsWith("#"))
                .map(line -> line.replaceFirst("^#+ ", "")
                        .toLowerCase(java.util.Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .forEach(anchors::add);
        return anchors;
    }

    @Test
    void everyJsonIsRead() throws IOException {
        List<DocumentationBlocks.Block> blocks = DocumentationBlocks.of("json");
        assertThat(blocks).hasSizeGreaterThan(3);
        for (DocumentationBlocks.Block block : blocks) {
            if (block.text().contains("learned-slope")) {
                continue; // a layer of the examples, which have a test for it
            }
            JsonNode json = JsonText.read(block.text());
            if (json.has("layers")) {
                assertThatCode(() -> NetworkJson.read(json, 0))
                        .as(block.place())
                        .doesNotThrowAnyException();
            } else {
                assertThatCode(() -> Settings.parse(block.text(), block.place()).request(2))
                        .as(block.place())
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void everyQueryIsParsed() throws IOException {
        List<DocumentationBlocks.Block> blocks = DocumentationBlocks.of("sql");
        assertThat(blocks).isNotEmpty();
        for (DocumentationBlocks.Block block : blocks) {
            assertThatCode(() -> new CatalystSqlParser().parsePlan(block.text().strip()))
                    .as(block.place())
                    .doesNotThrowAnyException();
        }
        for (DocumentationBlocks.Block block : DocumentationBlocks.of("java")) {
            for (String query : found("(?<=\\.sql\\(\")[^\"]+", block.text())) {
                assertThatCode(() -> new CatalystSqlParser().parsePlan(query))
                        .as(block.place())
                        .doesNotThrowAnyException();
            }
        }
    }

    @Test
    void everyXmlIsWellFormed() throws IOException {
        for (DocumentationBlocks.Block block : DocumentationBlocks.of("xml")) {
            assertThatCode(() -> DocumentBuilderFactory.newInstance()
                            .newDocumentBuilder()
                            .parse(new ByteArrayInputStream(block.text().getBytes(StandardCharsets.UTF_8))))
                    .as(block.place())
                    .doesNotThrowAnyException();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new AssertionError(file + " cannot be read", e);
        }
    }
}
