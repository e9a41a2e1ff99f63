package dev.backdraft.docker;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The commands and names of README.md. */
class ReadmeTest {
    private static final String TEXT = Repository.text(Repository.DOCKER.resolve("README.md"));
    private static final JsonNode SERVICES = Repository.compose(Map.of()).get("services");

    /** The lines of code blocks. */
    private static List<String> commands() {
        List<String> commands = new ArrayList<>();
        boolean isCode = false;
        for (String line : TEXT.lines().toList()) {
            if (line.startsWith("```")) {
                isCode = !isCode;
            } else if (isCode) {
                commands.add(line.replaceFirst("\\s+# .*", ""));
            }
        }
        return commands;
    }

    private static Stream<List<String>> wordsAfter(String begin) {
        return commands().stream()
                .filter(command -> command.contains(begin))
                .map(command -> command.substring(command.indexOf(begin) + begin.length())
                        .strip())
                .map(rest -> rest.isEmpty() ? List.<String>of() : Arrays.asList(rest.split("\\s+", -1)));
    }

    @Test
    void trainingsThatItSubmitsAreUnderstood() {
        List<List<String>> submitted =
                wordsAfter("docker compose run --rm submit").toList();
        assertThat(submitted).hasSizeGreaterThan(3);
        submitted.stream().filter(words -> !words.isEmpty()).forEach(CommandLines::backdraftTakes);
        List<List<String>> onKubernetes =
                wordsAfter("docker/kubernetes/submit ").toList();
        assertThat(onKubernetes).hasSize(1);
        for (List<String> words : onKubernetes) {
            List<String> training = new ArrayList<>(List.of("train", "--out", "run"));
            training.addAll(words.subList(2, words.size())); // after the API server and the name
            CommandLines.backdraftTakes(training);
        }
    }

    /**
     * What Kubernetes' files have in place of the image, the page replaces: in each file that it applies to an image.
     */
    @Test
    void theImageThatSedReplacesIsInTheFile() {
        List<List<String>> replaced = wordsAfter("sed ").toList();
        assertThat(replaced).hasSize(2);
        for (List<String> words : replaced) {
            String[] expression = words.get(0).split("\\|", -1);
            assertThat(expression[2]).isEqualTo("$BACKDRAFT_IMAGE");
            assertThat(Repository.text(Repository.ROOT.resolve(words.get(1)))).contains(expression[1]);
        }
    }

    /** Commands of the cluster without Docker: the classes that start it exist, and the settings are Spark's. */
    @Test
    void theClusterWithoutDockerRunsWhatSparkHas() throws ClassNotFoundException {
        List<List<String>> daemons = wordsAfter("bin/spark-class\"").toList();
        assertThat(daemons).hasSize(2);
        for (List<String> words : daemons) {
            Class.forName(words.get(0));
        }
        assertThat(wordsAfter("all.jar ")).hasSize(2).allSatisfy(CommandLines::backdraftTakes);
        Pattern.compile("-D(spark[\\w.]+)=")
                .matcher(TEXT)
                .results()
                .forEach(setting -> CommandLines.isSetting(setting.group(1)));
        Pattern.compile("configurationFile=(\\S+)").matcher(TEXT).results().forEach(file -> assertThat(
                        Repository.ROOT.resolve(file.group(1)))
                .exists());
    }

    /** Nothing that the defaults choose as well is set by hand. */
    @Test
    void trainingsUseTheDefaults() {
        assertThat(String.join("\n", commands())).doesNotContain("--layers", "--standardize");
    }

    @Test
    void servicesAndVariablesAreThoseOfCompose() {
        List<String> services = ComposeTest.keys(SERVICES);
        assertThat(services).contains("master", "worker", "submit");
        assertThat(wordsAfter("docker compose build").map(words -> words.get(words.size() - 1)))
                .isNotEmpty()
                .allMatch(services::contains);
        String compose = Repository.text(Repository.DOCKER.resolve("compose.yaml"));
        List<String> variables = Pattern.compile("\\$\\{(\\w+):-([^}]+)}")
                .matcher(compose)
                .results()
                .map(MatchResult::group)
                .distinct()
                .toList();
        assertThat(variables).isNotEmpty().allSatisfy(variable -> {
            String name = variable.substring(2, variable.indexOf(':'));
            String value = variable.substring(variable.indexOf(":-") + 2, variable.length() - 1);
            assertThat(TEXT.lines())
                    .anyMatch(line -> line.startsWith("|") && line.contains("`" + name + "`") && line.contains(value));
        });
        assertThat(commands().stream().flatMap(command -> Stream.of(command.split("\\s+", -1))))
                .filteredOn(word -> word.matches("[A-Z_]+=\\d+"))
                .allMatch(word -> compose.contains("${" + word.substring(0, word.indexOf('=')) + ":-"));
    }

    @Test
    void filesAreThere() {
        Pattern.compile("]\\((?!http|#)([^)]+)\\)").matcher(TEXT).results().forEach(link -> assertThat(
                        Repository.DOCKER.resolve(link.group(1)))
                .exists());
        Pattern.compile("\\bdocker/(kubernetes/[\\w.-]+|Dockerfile|make-secret)")
                .matcher(TEXT)
                .results()
                .forEach(path ->
                        assertThat(Repository.ROOT.resolve(path.group())).exists());
        Pattern.compile("(?<!\\S)\\.\\./(\\S+)")
                .matcher(String.join("\n", commands()))
                .results()
                .forEach(path ->
                        assertThat(Repository.ROOT.resolve(path.group(1))).exists());
        assertThat(TEXT).contains("backdraft:" + Repository.version()).contains("Spark " + Repository.sparkVersion());
    }
}
