package dev.backdraft;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The programs of README.md and docs/embedding.md, compiled and run with only what core needs on the class path. */
class ReadmeTest {
    private static final Pattern PROGRAM =
            Pattern.compile("```java\n((?:(?!```).)*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern NEEDED =
            Pattern.compile(".*/(core/target/classes/?|(blas|slf4j-api|jackson-[a-z]+|fastcsv)-[0-9][^/]*\\.jar)");

    @TempDir
    private Path folder;

    @Test
    void theProgramTrainsAndPredicts() throws IOException, InterruptedException {
        learnsExclusiveOr(run("README.md", "Xor"));
    }

    @Test
    void theEmbeddedProgramSavesItsModelAndPrintsWhatThePageShows() throws IOException, InterruptedException {
        List<String> lines = run("docs/embedding.md", "Xor");
        learnsExclusiveOr(lines);
        assertThat(page("docs/embedding.md"))
                .contains("```text\n" + String.join("\n", lines).substring(0, 4));
        assertThat(folder.resolve("xor.backdraft")).exists();
    }

    @Test
    void thePageListsTheClassPathByFileName() throws IOException {
        String page = page("docs/embedding.md");
        assertThat(Stream.of(classPath().split(File.pathSeparator))
                        .map(entry -> Path.of(entry).getFileName().toString())
                        .filter(name -> name.endsWith(".jar")))
                .hasSizeGreaterThan(5)
                .allMatch(name -> page.contains("`" + name + "`"));
    }

    private static void learnsExclusiveOr(List<String> lines) {
        assertThat(lines).hasSize(4);
        for (String line : lines) {
            double label = Double.parseDouble(line.substring(0, 1));
            assertThat(Double.parseDouble(line.substring(3))).as(line).isBetween(label - 0.1, label + 0.1);
        }
    }

    @Test
    void theServiceLearnsBatchByBatch() throws IOException, InterruptedException {
        List<String> lines = run("README.md", "Incoming");
        assertThat(lines).hasSize(1);
        assertThat(Double.parseDouble(lines.get(0))).isBetween(2.9, 3.1);
    }

    private static String page(String name) throws IOException {
        return Files.readString(Path.of("..").resolve(name));
    }

    /** Compiles and runs one of a page's programs, and returns what it prints. */
    private List<String> run(String page, String name) throws IOException, InterruptedException {
        Matcher program = PROGRAM.matcher(page(page));
        boolean found = program.find();
        while (found && !program.group(2).equals(name)) {
            found = program.find();
        }
        assertThat(found).isTrue();
        Path source = folder.resolve(name + ".java");
        Files.writeString(source, program.group(1));
        String classPath = classPath();
        int compiled = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-d", folder.toString(), "-cp", classPath, source.toString());
        assertThat(compiled).isZero();

        Path output = folder.resolve("out.txt");
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        int exit = new ProcessBuilder(java, "-cp", folder + File.pathSeparator + classPath, name)
                .directory(folder.toFile())
                .redirectOutput(output.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
        assertThat(exit).isZero();
        return Files.readAllLines(output);
    }

    private static String classPath() {
        String all = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return Stream.of(all.split(File.pathSeparator))
                .filter(entry -> NEEDED.matcher(entry.replace('\\', '/')).matches())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
