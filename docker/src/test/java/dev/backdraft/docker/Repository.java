package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** The files of the repository, and what the build has made of them. */
final class Repository {
    /** Its top directory; the build runs tests in that of the module. */
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    /** The directory under test. */
    static final Path DOCKER = ROOT.resolve("docker");

    /** Where the image has the jar for spark-submit. */
    static final String JAR_OF_IMAGE = "/opt/backdraft/backdraft.jar";

    private static final Pattern VARIABLE = Pattern.compile("\\$(?:\\$|\\{(\\w+)(?::-([^}]*))?})");

    private Repository() {}

    /** The version of the build. */
    static String version() {
        return System.getProperty("backdraft.test.version");
    }

    /** The version of Spark that the build is against. */
    static String sparkVersion() {
        return System.getProperty("backdraft.test.sparkVersion");
    }

    /** The jar for spark-submit, which the build has made. */
    static Path jar() {
        Path jar = ROOT.resolve("spark-driver/target/backdraft-spark-driver_2.13-" + version() + "-all.jar");
        assertThat(jar)
                .as("the jar that ./mvnw verify makes before it runs this test")
                .isRegularFile();
        return jar;
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of a YAML file; a key that is there twice is an error. */
    static List<JsonNode> yaml(Path file) {
        return parse(text(file));
    }

    /** compose.yaml, with variables as Compose replaces them. */
    static JsonNode compose(Map<String, String> environment) {
        return parse(interpolate(text(DOCKER.resolve("compose.yaml")), environment))
                .get(0);
    }

    private static List<JsonNode> parse(String text) {
        LoaderOptions options = new LoaderOptions();
        options.setAllowDuplicateKeys(false);
        ObjectMapper json = new ObjectMapper();
        List<JsonNode> documents = new ArrayList<>();
        new Yaml(new SafeConstructor(options))
                .loadAll(text)
                .forEach(document -> documents.add(json.valueToTree(document)));
        return documents;
    }

    private static String interpolate(String text, Map<String, String> environment) {
        return VARIABLE.matcher(text)
                .replaceAll(variable -> Matcher.quoteReplacement(
                        variable.group(1) == null
                                ? "$"
                                : environment.getOrDefault(variable.group(1), String.valueOf(variable.group(2)))));
    }

    /** The texts of a YAML list. */
    static List<String> texts(JsonNode list) {
        List<String> texts = new ArrayList<>();
        list.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
