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

/** The README's programs, compiled and run as they stand there, with what the core needs on the class path and nothing else. */
class ReadmeTest {
    private static final Pattern PROGRAM =
            Pattern.compile("```java\n((?:(?!```).)*?public class (\\w+) .*?)```", Pattern.DOTALL);
    private static final Pattern NEEDED =
            Pattern.compile(".*/(core/target/classes/?|(blas|slf4j-api|jackson-[a-z]+|fastcsv)-[0-9][^/]*\\.jar)");

    @TempDir
    private Path folder;

    @Test
    void theProgramTrainsAndPredicts() throws IOException, InterruptedException {
        List<String> lines = run("Xor");
        assertThat(lines).hasSize(4);
        for (String line : lines) {
            double label = Double.parseDouble(line.substring(0, 1));
            assertThat(Double.parseDouble(line.substring(3))).as(line).isBetween(label - 0.1, label + 0.1);
        }
    }

    @Test
    void theServiceLearnsBatchByBatch() throws IOException, InterruptedException {
        List<String> lines = run("Incoming");
        assertThat(lines).hasSize(1);
        assertThat(Double.parseDouble(lines.get(0))).isBetween(2.9, 3.1);
    }

    /** Compiles and runs one of the README's programs, and returns what it prints. */
    private List<String> run(String name) throws IOException, InterruptedException {
        Matcher program = PROGRAM.matcher(Files.readString(Path.of("..", "README.md")));
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
