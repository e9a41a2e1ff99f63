package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.NodeList;

/** What the Dockerfile says, line by line, against the repository and the build. */
class DockerfileTest {
    private static final String TEXT =
            Repository.text(Repository.DOCKER.resolve("Dockerfile")).replace("\\\n", " ");
    private static final List<String> LINES = TEXT.lines()
            .filter(line -> !line.isBlank() && !line.startsWith("#"))
            .toList();
    private static final DockerIgnore IGNORED =
            new DockerIgnore(Repository.text(Repository.ROOT.resolve(".dockerignore")));
    private static final Pattern FULL_TAG =
            Pattern.compile("[a-z0-9./-]+:\\d+\\.\\d+\\.\\d+[\\w.-]*(@sha256:[0-9a-f]{64})?");

    private static List<String> arguments(String instruction) {
        return LINES.stream()
                .filter(line -> line.startsWith(instruction + " "))
                .map(line -> line.substring(instruction.length()).strip().replaceAll("\\s+", " "))
                .toList();
    }

    private static String argument(String name) {
        return arguments("ARG").stream()
                .filter(argument -> argument.startsWith(name + "="))
                .map(argument -> argument.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void everyInstructionIsOneThatDockerHas() {
        assertThat(LINES).allMatch(line -> line.matches("(ARG|FROM|WORKDIR|COPY|RUN|LABEL|USER) \\S.*"));
    }

    @Test
    void baseImagesAreNamedByTheirFullVersion() {
        assertThat(arguments("FROM")).containsExactly("${JDK_IMAGE} AS build", "${SPARK_IMAGE}");
        assertThat(argument("JDK_IMAGE")).matches(FULL_TAG).startsWith("eclipse-temurin:17.");
        assertThat(argument("SPARK_IMAGE"))
                .matches(FULL_TAG)
                .isEqualTo("apache/spark:" + Repository.sparkVersion() + "-scala2.13-java17-ubuntu");
        assertThat(TEXT).doesNotContain(":latest");
    }

    @Test
    void theLastUserIsNotRoot() {
        assertThat(LINES.get(LINES.size() - 1)).isEqualTo("USER 185");
    }

    @Test
    void nothingIsInstalledOrDownloadedByHand() {
        assertThat(LINES)
                .noneMatch(line -> line.startsWith("ADD ") || line.matches(".*\\b(apt|apt-get|curl|wget|pip)\\b.*"));
        assertThat(arguments("COPY")).noneMatch(copy -> copy.contains("://"));
    }

    @Test
    void labelsAreThoseOfTheOciWithTheVersionOfTheBuild() {
        assertThat(argument("BACKDRAFT_VERSION")).isEqualTo(Repository.version());
        assertThat(arguments("LABEL"))
                .singleElement()
                .asString()
                .contains(Stream.of("title", "description", "version", "revision", "licenses", "base.name")
                        .map(label -> "org.opencontainers.image." + label + "=")
                        .toList());
    }

    @Test
    void theJarIsTheOneThatTheBuildMakes() throws IOException {
        List<String> copies = arguments("COPY");
        assertThat(copies).hasSize(2);
        Matcher copy = Pattern.compile("--from=build /src/(\\S+) (\\S+)").matcher(copies.get(1));
        assertThat(copy.matches()).isTrue();
        assertThat(copy.group(2)).isEqualTo(Repository.JAR_OF_IMAGE);
        Path jar = Repository.ROOT.resolve(copy.group(1).replace("${BACKDRAFT_VERSION}", Repository.version()));
        assertThat(jar).isEqualTo(Repository.jar());
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (String name : List.of(
                    "dev/backdraft/spark/cli/Main.class",
                    "dev/backdraft/spark/BackdraftPlugin.class",
                    "picocli/CommandLine.class")) {
                assertThat(zip.getEntry(name)).as(name).isNotNull();
            }
            assertThat(zip.getEntry("org/apache/spark/SparkContext.class"))
                    .as("Spark")
                    .isNull();
        }
    }

    @Test
    void whatTheBuildNeedsIsInTheContextAndNothingThatWasBuilt() throws Exception {
        assertThat(arguments("COPY").get(0)).isEqualTo(". .");
        NodeList modules = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(Repository.ROOT.resolve("pom.xml").toFile())
                .getElementsByTagName("module");
        for (int i = 0; i < modules.getLength(); i++) { // Maven reads the file of each, whichever it builds
            assertThat(modules.item(i).getTextContent() + "/pom.xml").matches(path -> !IGNORED.excludes(path));
        }
        for (String needed : List.of(
                "mvnw",
                "pom.xml",
                ".mvn/jvm.config",
                ".mvn/wrapper/maven-wrapper.properties",
                "core/src/main",
                "spark-driver/src/main")) {
            assertThat(Repository.ROOT.resolve(needed)).exists();
        }
        for (String directory : List.of(".mvn", "core/src/main", "spark-driver/src/main")) {
            try (Stream<Path> files = Files.walk(Repository.ROOT.resolve(directory))) {
                assertThat(files.map(file -> Repository.ROOT.relativize(file).toString()))
                        .noneMatch(IGNORED::excludes);
            }
        }
        assertThat(List.of(
                        ".git/config",
                        "spark-driver/target/classpath.txt",
                        "target/x",
                        "docker/secrets/spark-auth.conf",
                        "docker/data/rows.csv",
                        "runs/iris/model.backdraft"))
                .allMatch(IGNORED::excludes);
    }
}
